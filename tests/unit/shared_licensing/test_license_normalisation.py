"""What licence strings of real SBOMs mean, and which of them say too little."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
import yaml

from shared.licensing import License, load_catalogue, normalise, parse
from shared.licensing.aliases import alias_key

CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))
ALIASES = Path(__file__).parents[3] / "shared/src/shared/licensing/catalogue_files/aliases.yaml"

EXACT = {
    "MIT": "MIT",
    "(MIT OR Apache-2.0)": "MIT OR Apache-2.0",
    "APACHE-2.0": "Apache-2.0",
    "BSD-3-clause": "BSD-3-Clause",
    "zlib": "Zlib",
    "LIBTIFF": "libtiff",
    "GPL-2.0": "GPL-2.0-only",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "Vim and MIT": "Vim AND MIT",
    "  MIT\n": "MIT",
    "LicenseRef-scancode-asmus": "LicenseRef-scancode-asmus",
    "MIT WITH Libtool-exception": "MIT WITH Libtool-exception",
    "Unlicense": "Unlicense",
}
ALIAS = {
    "Apache License, Version 2.0": "Apache-2.0",
    "The Apache Software License, Version 2.0": "Apache-2.0",
    "the Apache License, ASL Version 2.0": "Apache-2.0",
    "Apache License, 2.0": "Apache-2.0",
    "Apache Software License 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "Apache-2": "Apache-2.0",
    "Apache2": "Apache-2.0",
    "ASL 2.0": "Apache-2.0",
    "http://www.apache.org/licenses/LICENSE-2.0.txt": "Apache-2.0",
    '"Apache-2.0";link="https://www.apache.org/licenses/LICENSE-2.0.txt"': "Apache-2.0",
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "MIT licence": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
    "OSI Approved :: MIT License": "MIT",
    "Expat": "MIT",
    "https://opensource.org/licenses/MIT": "MIT",
    "http://www.opensource.org/licenses/mit-license.php": "MIT",
    "MIT + file LICENSE": "MIT",
    "ISC License (ISCL)": "ISC",
    "New BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD 3-clause New License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Modified BSD": "BSD-3-Clause",
    "BSD-3": "BSD-3-Clause",
    "Simplified BSD": "BSD-2-Clause",
    "2-Clause BSD License": "BSD-2-Clause",
    'BSD 3-Clause "New" or "Revised" License': "BSD-3-Clause",
    "Eclipse Distribution License - v 1.0": "BSD-3-Clause",
    "EDL 1.0": "BSD-3-Clause",
    "zlib/libpng": "Zlib",
    "License :: OSI Approved :: zlib/libpng License": "Zlib",
    "Boost Software License 1.0": "BSL-1.0",
    "CC0": "CC0-1.0",
    "CC0 1.0 Universal": "CC0-1.0",
    "CC BY 4.0": "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International": "CC-BY-4.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Python Software Foundation License": "PSF-2.0",
    "PSFL": "PSF-2.0",
    "SIL-OFL-1.1": "OFL-1.1",
    "OpenLDAP-2.8": "OLDAP-2.8",
    "ZPL 2.1 (http://www.zope.org/Resources/License/ZPL-2.1)": "ZPL-2.1",
    "AFLv2.1": "AFL-2.1",
    "Artistic-2": "Artistic-2.0",
    "Perl_5": "Artistic-1.0-Perl OR GPL-1.0-or-later",
    "University of Illinois/NCSA Open Source License": "NCSA",
    "Mozilla Public License, version 2.0": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "MPLv2.0": "MPL-2.0",
    "MPL 2.0": "MPL-2.0",
    "Eclipse Public License v2.0": "EPL-2.0",
    "Eclipse Public License - v 1.0": "EPL-1.0",
    "https://www.eclipse.org/legal/epl-2.0/": "EPL-2.0",
    "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
    "EUPL v1.2": "EUPL-1.2",
    "CPL": "CPL-1.0",
    "GPLv2": "GPL-2.0-only",
    "GPL v2": "GPL-2.0-only",
    "GPL-2": "GPL-2.0-only",
    "GPL version 2 or later": "GPL-2.0-or-later",
    "GPLv2+": "GPL-2.0-or-later",
    "GPL-2+": "GPL-2.0-or-later",
    "GPL (>= 2)": "GPL-2.0-or-later",
    "GPL (v2 or later)": "GPL-2.0-or-later",
    "GPL-1+": "GPL-1.0-or-later",
    "GPL+": "GPL-1.0-or-later",
    "GNU GPL 3": "GPL-3.0-only",
    "GPLv3+": "GPL-3.0-or-later",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3.0 or later": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2.1": "LGPL-2.1-only",
    "LGPL2.1": "LGPL-2.1-only",
    "LGPLv2.1+": "LGPL-2.1-or-later",
    "LGPL-2+": "LGPL-2.0-or-later",
    "LGPL 2.0 or later": "LGPL-2.0-or-later",
    "LGPLv3+": "LGPL-3.0-or-later",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "AGPLv3": "AGPL-3.0-only",
    "GFDL-NIV-1.3+": "GFDL-1.3-no-invariants-or-later",
    "GNU General Public License, version 2 with the GNU Classpath Exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "https://spdx.org/licenses/GPL-2.0+.html": "GPL-2.0-or-later",
    "MIT/Apache-2.0": "MIT OR Apache-2.0",
    "Apache-2.0/MIT": "Apache-2.0 OR MIT",
    "GPLv2+ and LGPLv3+": "GPL-2.0-or-later AND LGPL-3.0-or-later",
    "GPLv2+ or LGPLv3+": "GPL-2.0-or-later OR LGPL-3.0-or-later",
    "Apache 2.0 AND GPLv2+": "Apache-2.0 AND GPL-2.0-or-later",
    "(Apache 2.0 or MIT) and GPLv2": "(Apache-2.0 OR MIT) AND GPL-2.0-only",
    "GPLv2 with Classpath exception or CDDL 1.0": "GPL-2.0-only WITH Classpath-exception-2.0 OR CDDL-1.0",
    "BSD 3-Clause License or Apache License, Version 2.0": "BSD-3-Clause OR Apache-2.0",
    "MPL 2.0 or EPL 1.0": "MPL-2.0 OR EPL-1.0",
    "GPL-2.0-only & MIT": "GPL-2.0-only AND MIT",
    "LGPL-3.0-or-later AND BSD-3": "LGPL-3.0-or-later AND BSD-3-Clause",
    "UNLICENSED": "LicenseRef-Licet-proprietary",
}
AMBIGUOUS = {
    "Similar to Apache License but with the acknowledgment clause removed": "LicenseRef-scancode-jdom",
    "S2P": "App-s2p",
    "TEXT-TABS": "TTWL",
    "HSIEH-DERIVATIVE": "LicenseRef-scancode-paul-hsieh-derivative",
    "The GNU General Public License, v2 with FOSS exception": "GPL-2.0-only WITH Universal-FOSS-exception-1.0",
    "GPL": "GPL-2.0-only",
    "gpl": "GPL-3.0-or-later",
    "GNU General Public License": "GPL-2.0-or-later",
    "License :: OSI Approved :: GNU General Public License (GPL)": "GPL-3.0-only",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-or-later",
    "https://www.gnu.org/licenses/gpl-3.0.html": "GPL-3.0-only",
    "LGPL": "LGPL-2.1-only",
    "LGPLv2+": "LGPL-2.1-or-later",
    "GNU Lesser General Public License": "LGPL-3.0-only",
    "AGPL": "AGPL-3.0-only",
    "GFDL": "GFDL-1.3-or-later",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-2-Clause",
    "The BSD License": "BSD-3-Clause",
    "BSD-like": "BSD-3-Clause",
    "BSD WITH ADVERTISING": "BSD-4-Clause",
    "FreeBSD License": "BSD-2-Clause",
    "MIT/X11": "MIT",
    "Apache": "Apache-2.0",
    "Apache License": "Apache-1.1",
    "Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "Artistic": "Artistic-1.0-Perl",
    "License :: OSI Approved :: Artistic License": "Artistic-2.0",
    "MPL": "MPL-1.1",
    "EPL": "EPL-2.0",
    "CDDL": "CDDL-1.0",
    "Common Development and Distribution License": "CDDL-1.1",
    "BSL": "BUSL-1.1",
    "ZPL": "ZPL-2.1",
    "Python": "PSF-2.0",
    "Unicode": "Unicode-3.0",
    "W3C license": "W3C",
    "Public Domain": "CC0-1.0",
    "License :: Public Domain": "Unlicense",
    "License :: Other/Proprietary License": "LicenseRef-Licet-proprietary",
    "unlicensed": "Unlicense",
    "BSD and GPLv2": "BSD-3-Clause",
    "GPL-2.0-or-later AND Public-Domain AND LGPL-2.1-or-later": "CC0-1.0",
    "GPL-2.0-or-later LGPL-2.1-or-later": "GPL-2.0-or-later AND LGPL-2.1-or-later",
    "LGPLv2.1,GPLv2": "LGPL-2.1-only OR GPL-2.0-only",
    "zlib, libpng": "Zlib AND Libpng",
}
UNKNOWN = [
    "",
    "NONE",
    "NOASSERTION",
    "none",
    "UNKNOWN",
    "Other",
    "custom",
    "Dual License",
    "SEE LICENSE IN LICENSE",
    "Apache-2.0 AND GPL-2.0-only WITH NOASSERTION",
    "GPLV2+ AND LGPLV2+ WITH EXCEPTIONS",
    "LGPL with exceptions",
    "GPL-2.1+",
    "GPL (< 3)",
    "BSD-2-Clause AND custom",
    "(Apache-2.0 OR https://vaadin.com/commercial-license-and-service-terms)",
    "https://www.highcharts.com/license",
    "REGCOMP,",
    "BSD-5-clause-Peter-Wemm",
    "BSD-3-Clause-No-such-War",
    "GPL-2.0-only-with-libgit3-exception",
    "Intel License",
    "Autoconf-exception-2.0",
    "GPLv2 and (MIT",
    "MIT License or",
]


@pytest.mark.parametrize(("value", "expression"), EXACT.items())
def test_an_spdx_expression_is_exact(value: str, expression: str) -> None:
    found = normalise(value)

    assert (found.input, found.status, str(found.expression)) == (value, "exact", expression)


@pytest.mark.parametrize(("value", "expression"), ALIAS.items())
def test_a_known_name_is_an_alias(value: str, expression: str) -> None:
    found = normalise(value)

    assert (found.input, found.status, str(found.expression)) == (value, "alias", expression)
    assert found.why


@pytest.mark.parametrize(("value", "candidate"), AMBIGUOUS.items())
def test_a_name_of_several_licences_is_never_resolved(value: str, candidate: str) -> None:
    found = normalise(value)

    assert (found.status, found.expression) == ("ambiguous", None)
    assert candidate in found.candidates


@pytest.mark.parametrize("value", UNKNOWN)
def test_what_names_no_licence_stays_unknown(value: str) -> None:
    found = normalise(value)

    assert (found.status, found.expression, found.candidates) == ("unknown", None, ())
    assert found.why


def test_every_full_name_of_the_list_means_its_licence_or_is_left_open() -> None:
    for known in load_catalogue().licenses:
        found = normalise(known.name)
        if not known.deprecated and found.expression is not None:
            assert found.expression == License(known.id), known.name


def test_the_alias_file_names_its_sources_and_contradicts_itself_nowhere() -> None:
    reviewed = yaml.safe_load(ALIASES.read_text())
    meanings: dict[str, tuple[object, ...]] = {}

    for row in reviewed["aliases"] + reviewed["ambiguous"]:
        meaning = (row.get("expression"), *row.get("candidates", ()))
        assert row["source"] in reviewed["sources"]
        for expression in filter(None, meaning):
            assert str(parse(expression)) == expression
        for string in row["strings"]:
            assert meanings.setdefault(alias_key(string), meaning) == meaning, string


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real SBOMs is not here (LICET_CORPUS)")
def test_most_strings_of_real_sboms_are_resolved_and_the_rest_says_why() -> None:
    oracle = json.loads((CORPUS / "oracle.json").read_text())
    found = [normalise(text) for text in sorted({text for record in oracle for text in record["licenses"]})]

    shares = Counter(each.status for each in found)

    assert shares["exact"] + shares["alias"] > 0.6 * len(found)
    assert all(each.why for each in found)
    assert all(bool(each.candidates) == (each.status == "ambiguous") for each in found)
    assert all((each.expression is None) == (each.status in ("ambiguous", "unknown")) for each in found)
