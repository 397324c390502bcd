"""What people, registries, distributions and scanners write for a licence, and what it means; reviewed one by one."""

import pytest

from shared.licensing import normalise

_SCANCODE = "https://github.com/nexB/scancode-toolkit/blob/develop/src/licensedcode/data/licenses"

# All of these mean MIT.
RESOLVED = """
MIT.
"MIT"
['MIT']
MIT_License
Licensed under the MIT license
This project is licensed under the MIT License
License: MIT
SPDX-License-Identifier: MIT
MIT – License
MIT&nbsp;License
<a href="https://opensource.org/licenses/MIT">MIT</a>
[MIT](https://opensource.org/licenses/MIT)
MIT http://opensource.org/licenses/MIT
MIT (see LICENSE.txt)
MIT license; see LICENSE file
MIT, see the LICENSE file for details
MIT License, Copyright (c) 2020 The Authors
http://rem.mit-license.org
{"type": "MIT", "url": "http://opensource.org/licenses/MIT"}
https://licenses.nuget.org/MIT
https://choosealicense.com/licenses/mit/
MIT, MIT License
""".strip().splitlines()
MEANT = {
    "GPL-2.0-only-with-libgit2-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "Bouncy Castle Licence": "MIT",
    f"See details at {_SCANCODE}/jboss-eula.yml": "LicenseRef-scancode-jboss-eula",
    f"{_SCANCODE}/mit-old-style.LICENSE": "LicenseRef-scancode-mit-old-style",
    "apache_1_1": "Apache-1.1",
    "mozilla_1_1": "MPL-1.1",
    "CDDL_1_1": "CDDL-1.1",
    "https://licenses.nuget.org/GPL-2.0%2B": "GPL-2.0-or-later",
    "https://licenses.nuget.org/Apache-2.0+": "Apache-2.0+",
    "https://licenses.nuget.org/MIT+OR+ISC": "MIT OR ISC",
    "GPL+ or Artistic": "Artistic-1.0-Perl OR GPL-1.0-or-later",
    "(GPL+ or Artistic) and Artistic 2.0": "(Artistic-1.0-Perl OR GPL-1.0-or-later) AND Artistic-2.0",
    "GPL+ or Artistic 2.0": "GPL-1.0-or-later OR Artistic-2.0",
    "MIT/Apache-2.0 AND BSD-3-Clause": "(MIT OR Apache-2.0) AND BSD-3-Clause",
    "MIT or Apache 2": "MIT OR Apache-2.0",
    "Either MIT or Apache-2.0": "MIT OR Apache-2.0",
    "MIT oR Apache-2.0": "MIT OR Apache-2.0",
    "MIT / Apache 2.0": "MIT OR Apache-2.0",
    "MIT | Apache-2.0": "MIT OR Apache-2.0",
    "MIT && BSD-3-Clause": "MIT AND BSD-3-Clause",
    "MIT, Apache-2.0 or BSD-3-Clause": "MIT OR Apache-2.0 OR BSD-3-Clause",
    "MIT, BSD-3-Clause, and Apache 2.0": "MIT AND BSD-3-Clause AND Apache-2.0",
    "Dual licensed MIT or GPL-2.0": "MIT OR GPL-2.0-only",
    "Dual MIT/GPL-2.0": "MIT OR GPL-2.0-only",
    "MPL 1.1/GPL 2.0/LGPL 2.1": "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only",
    "LGPL, version 2.1 OR Apache-2.0": "LGPL-2.1-only OR Apache-2.0",
    "https://licenses.nuget.org/(MIT%20OR%20Apache-2.0)": "MIT OR Apache-2.0",
    "apache-2-0": "Apache-2.0",
    "apache_2_0": "Apache-2.0",
    "Apache License Version 2.0, January 2004": "Apache-2.0",
    "Apache-2.0 or later": "Apache-2.0+",
    "http://www.apache.org/licenses/LICENSE-2.0, https://www.apache.org/licenses/LICENSE-2.0.txt": "Apache-2.0",
    "GPL v2, or (at your option) any later version": "GPL-2.0-or-later",
    "GPL 2 or above": "GPL-2.0-or-later",
    "GPL (≥ 2)": "GPL-2.0-or-later",
    "gpl-2.0-plus": "GPL-2.0-or-later",
    "GNU GENERAL PUBLIC LICENSE, Version 3, 29 June 2007": "GPL-3.0-only",
    "GPL-2 | GPL-3": "GPL-2.0-only OR GPL-3.0-only",
    "GPLv2 or later and MIT": "GPL-2.0-or-later AND MIT",
    "LGPL (>= 2)": "LGPL-2.0-or-later",
    "GNU Lesser Public License v3": "LGPL-3.0-only",
    "GNU Affero General Public License v3.0": "AGPL-3.0-only",
    "GNU General Public License, Version 2 + Classpath Exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL2 w/ CPE": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2+-libtool-exception": "GPL-2.0-or-later WITH Libtool-exception",
    "GPL-3+ with bison exception": "GPL-3.0-or-later WITH Bison-exception-2.2",
    "LGPL 2.1 with OCaml linking exception": "LGPL-2.1-only WITH OCaml-LGPL-linking-exception",
    "GPL-2.0-only WITH LicenseRef-scancode-proguard-exception-2.0": (
        "GPL-2.0-only WITH AdditionRef-scancode-proguard-exception-2.0"
    ),
    "BSD_3_clause + file LICENSE": "BSD-3-Clause",
    "Three-clause BSD": "BSD-3-Clause",
    "Original BSD": "BSD-4-Clause",
    "Original license: GPLv2+": "GPL-2.0-or-later",
    "LGPLv3+_or_GPLv2+": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "GFDL-1.3+-no-invariant": "GFDL-1.3-no-invariants-or-later",
    "LaTeX Project Public License 1.3c": "LPPL-1.3c",
    "CC BY-SA 3.0 Unported": "CC-BY-SA-3.0",
    "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International": "CC-BY-NC-ND-4.0",
    "http://creativecommons.org/licenses/by-sa/3.0/de/": "CC-BY-SA-3.0-DE",
    "http://www.eclipse.org/legal/epl-v10.html": "EPL-1.0",
    "perl": "Artistic-1.0-Perl OR GPL-1.0-or-later",
    "artistic_2": "Artistic-2.0",
    "Business Source License 1.1": "BUSL-1.1",
    "BSL 1.0": "BSL-1.0",
    "CDDL v1.1 / GPL v2 dual license": "CDDL-1.1 OR GPL-2.0-only",
    "GNU General Lesser Public License (LGPL) version 3.0": "LGPL-3.0-only",
    "JBoss EULA": "LicenseRef-scancode-jboss-eula",
}
OPEN = {
    "BSD-3-clause-Regents": "BSD-3-Clause",
    "BSD-3-clause-with-weird-numbering": "BSD-3-Clause",
    "BSD-4-clause-Niels-Provos": "BSD-4-Clause",
    "MIT (http://opensource.org/licenses/Apache-2.0)": "Apache-2.0",
    "MIT and/or Apache-2.0": "MIT OR Apache-2.0",
    "MIT, Apache 2": "MIT AND Apache-2.0",
    "ISC or MIT, Apache-2.0": "(ISC OR MIT) AND Apache-2.0",
    "UNICODE, INC. LICENSE AGREEMENT": "Unicode-DFS-2016",
    "MIT;Apache-2.0": "MIT OR Apache-2.0",
    "['MIT', 'Apache-2.0']": "MIT OR Apache-2.0",
    "dual licensed under MIT and Apache 2.0": "MIT OR Apache-2.0",
    "Dual BSD/GPL": "BSD-3-Clause",
    "GPL-3 + file LICENSE": "GPL-3.0-only",
    "GPL-2 | file LICENSE": "GPL-2.0-only",
    "LGPL2.1+ (the library), GPL2+ (tests and examples)": "LGPL-2.1-or-later AND GPL-2.0-or-later",
    "GNU GPL v2 or later (GPLv2)": "GPL-2.0-or-later",
    "GPL-2.0-or-later with openssl exception": "GPL-2.0-or-later WITH openvpn-openssl-exception",
    "CDDL + GPLv2 with classpath exception": "CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0",
    "License :: OSI Approved :: GNU Affero General Public License v3": "AGPL-3.0-or-later",
    "http://opensource.org/licenses/gpl-2.0.php": "GPL-2.0-or-later",
    "http://www.gnu.org/copyleft/lesser.html": "LGPL-2.1-only",
    "http://creativecommons.org/licenses/by/2.5/br/": "CC-BY-2.5",
    "FSF Unlimited License": "FSFULLR",
    "Elastic License": "Elastic-2.0",
    "LPPL 1.3": "LPPL-1.3a",
    "BSD style license": "BSD-2-Clause",
    "BSD License 2.0": "BSD-3-Clause",
    "BSD-2.0": "BSD-3-Clause",
    "Dual license consisting of the CDDL v1.1 and GPL v2": "CDDL-1.1 OR GPL-2.0-only",
    "https://joinup.ec.europa.eu/page/eupl-text-11-12": "EUPL-1.1",
    "Original license: BSD": "BSD-3-Clause",
    "Original license: BSD and GPLv2": "BSD-2-Clause",
}
NOTHING = """
MIT with non-commercial clause
MIT (non-commercial use only)
Modified MIT License
not MIT
Apache 2.0 with Commons Clause
Apache-2.0 AND Commons Clause
GPL-3.0 AND non-commercial
GPL-2.0-only WITH Foo-exception
MIT WITH Apache-2.0
GPL (> 2)
GPL (>= 2, < 4)
GPL (>= 2.1)
GPLv2 with exceptions
MIT*
MIT, see LICENSE for restrictions
MIT (see LICENSE for the exceptions)
MIT License, Copyright 2020 Example, non-commercial use only
Apache 3.0
Apache License 2.O
МIT
MIT OR
AND MIT
BSD-3-Clause OR
BSD_1_1
CDDL 1 1
GPL 2 2.0
file LICENSE
LICENSE.txt
declared license file: LICENSE
https://github.com/example/example/blob/main/LICENSE
https://aka.ms/deprecateLicenseUrl
Open Source
copyleft
""".strip().splitlines()


@pytest.mark.parametrize("value", RESOLVED)
def test_what_people_write_around_a_name_changes_nothing(value: str) -> None:
    found = normalise(value)

    assert (str(found.expression), found.status) == ("MIT", "alias")


@pytest.mark.parametrize(("value", "expression"), MEANT.items())
def test_names_lists_and_addresses_mean_what_they_say(value: str, expression: str) -> None:
    found = normalise(value)

    assert (str(found.expression), found.status) == (expression, "alias")


@pytest.mark.parametrize(("value", "candidate"), OPEN.items())
def test_what_leaves_a_choice_names_the_candidates(value: str, candidate: str) -> None:
    found = normalise(value)

    assert (found.expression, found.status) == (None, "ambiguous")
    assert candidate in found.candidates


@pytest.mark.parametrize("value", NOTHING)
def test_what_says_no_known_licence_is_never_guessed(value: str) -> None:
    found = normalise(value)

    assert (found.expression, found.status, found.candidates) == (None, "unknown", ())


def test_an_address_of_a_key_that_scancode_does_not_have_is_not_guessed() -> None:
    assert normalise(f"See details at {_SCANCODE}/no-such-key.yml").status == "unknown"


_GPL_NOTICE = """This program is free software; you can redistribute it and/or modify
# it under the terms of the GNU General Public License as published by
# the Free Software Foundation; either version 2 of the License{later}.
#
# This program is distributed in the hope that it will be useful,
# but WITHOUT ANY WARRANTY; without even the implied warranty of
# MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
# GNU General Public License for more details.
"""
_APACHE_NOTICE = """Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
"""


@pytest.mark.parametrize(
    ("notice", "expression"),
    [
        (_GPL_NOTICE.format(later=", or\n# (at your option) any later version"), "GPL-2.0-or-later"),
        (_GPL_NOTICE.format(later=""), "GPL-2.0-only"),
        (_APACHE_NOTICE, "Apache-2.0"),
        (" ".join(_APACHE_NOTICE.split()), "Apache-2.0"),
        ("Copyright 2020 Example Ltd.\n\n" + _APACHE_NOTICE, "Apache-2.0"),
        (
            "Distributed under the Boost Software License, Version 1.0.\n(See accompanying file LICENSE_1_0.txt or copy at"
            " http://www.boost.org/LICENSE_1_0.txt)",
            "BSL-1.0",
        ),
        (
            "// SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause\n/* Copyright 2019 Example */",
            "GPL-2.0-only WITH Linux-syscall-note OR BSD-3-Clause",
        ),
    ],
)
def test_a_notice_grants_the_licence_and_version_that_it_names(notice: str, expression: str) -> None:
    found = normalise(notice)

    assert (str(found.expression), found.status) == (expression, "text")


@pytest.mark.parametrize(
    "rider",
    [
        "As a special exception, you may include it under your own terms.",
        "You may not use it for commercial purposes.",
        "Alternatively, the BSD licence applies.",
    ],
)
def test_a_notice_with_more_beside_it_is_left_open(rider: str) -> None:
    for notice in (_GPL_NOTICE.format(later=""), _APACHE_NOTICE):
        found = [normalise(notice + rider), normalise(f"{rider} {notice}")]

        assert [(each.expression, each.status) for each in found] == [(None, "ambiguous")] * 2


def test_a_notice_that_names_a_purpose_for_the_licence_is_left_open() -> None:
    licensed = normalise("Licensed to you for evaluation only under the Apache License, Version 2.0 (the License).")
    identified = normalise("# SPDX-License-Identifier: MIT\n# This file must not be used for commercial purposes.\n")

    assert (licensed.expression, identified.expression) == (None, None)


_OF_AUTOCONF = """#
# As a special exception to the GNU General Public License, if you
# distribute this file as part of a program that contains a
# configuration script generated by Autoconf, you may include it under
# the same distribution terms that you use for the rest of that program.
"""


def test_a_notice_with_the_whole_text_of_an_exception_grants_the_pair() -> None:
    notice = _GPL_NOTICE.format(later=", or\n# (at your option) any later version")

    found = normalise(notice + _OF_AUTOCONF)

    assert (found.status, str(found.expression)) == ("text", "GPL-2.0-or-later WITH Autoconf-exception-generic")


@pytest.mark.parametrize(
    "changed",
    [
        _OF_AUTOCONF + "# The same holds for Automake.\n",
        _OF_AUTOCONF.replace("As a special", "This is not all that is permitted. As a special"),
        _OF_AUTOCONF.replace("a program", "a free program"),
    ],
    ids=["a rider", "more before it", "other words"],
)
def test_a_notice_with_another_exception_is_left_open(changed: str) -> None:
    notice = _GPL_NOTICE.format(later=", or\n# (at your option) any later version")

    found = normalise(notice + changed)

    assert (found.status, found.candidates) == ("ambiguous", ("GPL-2.0-or-later",))
