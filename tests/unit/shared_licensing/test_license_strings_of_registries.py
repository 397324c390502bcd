"""What the licence fields of each registry and distribution hold, and what it means, one table for each of them."""

import pytest

from shared.licensing import normalise

RESOLVED: dict[str, dict[str, str]] = {
    "PyPI": {
        "License :: OSI Approved :: MIT License": "MIT",
        "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
        "License :: OSI Approved :: zlib/libpng License": "Zlib",
        "License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
        "License :: Aladdin Free Public License (AFPL)": "Aladdin",
    },
    "npm": {
        "(WTFPL OR MIT)": "WTFPL OR MIT",
        "UNLICENSED": "LicenseRef-Licet-proprietary",
        '{"type": "MIT", "url": "http://opensource.org/licenses/MIT"}': "MIT",
        "Do What The Fuck You Want To Public License": "WTFPL",
        "Anti-996": "LicenseRef-scancode-996-icu-1.0",
    },
    "Cargo": {
        "MIT/Apache-2.0": "MIT OR Apache-2.0",
        "Unlicense/MIT": "Unlicense OR MIT",
        "Apache-2.0 WITH LLVM-exception/MIT": "Apache-2.0 WITH LLVM-exception OR MIT",
    },
    "Maven": {
        "ASF 2.0": "Apache-2.0",
        "Public Domain, per Creative Commons CC0": "CC0-1.0",
        "GPL2 w/ CPE": "GPL-2.0-only WITH Classpath-exception-2.0",
        "Apache License, Version 2.0 and Common Development And Distribution License (CDDL) Version 1.0": (
            "Apache-2.0 AND CDDL-1.0"
        ),
        "http://www.slf4j.org/license.html": "MIT",
        "http://logback.qos.ch/license.html": "EPL-1.0 OR LGPL-2.1-only",
        "https://glassfish.dev.java.net/public/CDDLv1.0.html": "CDDL-1.0",
        "https://projects.eclipse.org/license/secondary-gpl-2.0-cp": "GPL-2.0-only WITH Classpath-exception-2.0",
        "https://asm.ow2.io/license.html": "BSD-3-Clause",
        "http://junit.sourceforge.net/cpl-v10.html": "CPL-1.0",
        "Confluent Community License": "LicenseRef-scancode-confluent-community-1.0",
    },
    "NuGet": {
        "https://licenses.nuget.org/MIT%20OR%20Apache-2.0": "MIT OR Apache-2.0",
        "https://github.com/dotnet/corefx/blob/master/LICENSE.TXT": "MIT",
        "https://raw.githubusercontent.com/JamesNK/Newtonsoft.Json/master/LICENSE.md": "MIT",
        "https://raw.githubusercontent.com/aspnet/Home/2.0.0/LICENSE.txt": "Apache-2.0",
        "http://opensource.org/licenses/ms-pl.html": "MS-PL",
    },
    "Fedora": {
        "GPLv2+": "GPL-2.0-or-later",
        "ASL 2.0": "Apache-2.0",
        "GPL+ or Artistic": "Artistic-1.0-Perl OR GPL-1.0-or-later",
        "zlib with acknowledgement": "zlib-acknowledgement",
    },
    "Debian": {
        "GPL-2+": "GPL-2.0-or-later",
        "LGPL-2.1+ or MIT": "LGPL-2.1-or-later OR MIT",
        "Expat": "MIT",
        "Artistic or GPL-1+": "Artistic-1.0-Perl OR GPL-1.0-or-later",
        "GPL-1+ or Artistic": "Artistic-1.0-Perl OR GPL-1.0-or-later",
        "GFDL-NIV-1.3+": "GFDL-1.3-no-invariants-or-later",
        "MPL-1.1 or GPL-2 or LGPL-2.1": "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only",
    },
    "CRAN": {
        "GPL (>= 2)": "GPL-2.0-or-later",
        "GPL (== 2)": "GPL-2.0-only",
        "Apache License (== 2.0)": "Apache-2.0",
        "GPL-2 | GPL-3": "GPL-2.0-only OR GPL-3.0-only",
        "MIT + file LICENSE": "MIT",
        "BSD_3_clause + file LICENSE": "BSD-3-Clause",
        "CC BY-NC-SA 4.0": "CC-BY-NC-SA-4.0",
    },
    "Gentoo": {
        "|| ( GPL-2 LGPL-2.1 )": "GPL-2.0-only OR LGPL-2.1-only",
        "|| ( Ruby BSD-2 )": "Ruby OR BSD-2-Clause",
    },
    "Nix": {
        "asl20": "Apache-2.0",
        "gpl2Plus": "GPL-2.0-or-later",
        "lgpl21Only": "LGPL-2.1-only",
        "agpl3Plus": "AGPL-3.0-or-later",
        "mpl20": "MPL-2.0",
        "bsd3": "BSD-3-Clause",
        "bsl11": "BUSL-1.1",
        "cc-by-sa-40": "CC-BY-SA-4.0",
    },
    "FreeBSD": {
        "APACHE20": "Apache-2.0",
        "BSD2CLAUSE": "BSD-2-Clause",
        "LGPL21+": "LGPL-2.1-or-later",
        "LGPL20": "LGPL-2.0-only",
        "ARTPERL10": "Artistic-1.0-Perl",
        "GPLv3RLE+": "GPL-3.0-or-later WITH GCC-exception-3.1",
    },
    "CPAN": {
        "perl_5": "Artistic-1.0-Perl OR GPL-1.0-or-later",
        "apache_2_0": "Apache-2.0",
        "lgpl_2_1": "LGPL-2.1-only",
    },
    "CocoaPods": {
        "{:type => 'MIT', :file => 'LICENSE'}": "MIT",
        '{ :type => "Apache License, Version 2.0" }': "Apache-2.0",
    },
    "BitBake": {
        "GPLv2 & LGPLv2.1+": "GPL-2.0-only AND LGPL-2.1-or-later",
        "(GPL-2.0-only | LGPL-2.1-only) & MIT": "(GPL-2.0-only OR LGPL-2.1-only) AND MIT",
    },
    "Hugging Face": {
        "llama2": "LicenseRef-scancode-llama-2-license-2023",
        "llama3.1": "LicenseRef-scancode-llama-3.1-license-2024",
        "cc-by-nc-4.0": "CC-BY-NC-4.0",
    },
}
OPEN: dict[str, dict[str, str]] = {
    "PyPI": {
        "License :: OSI Approved :: BSD License": "BSD-3-Clause",
        "License :: OSI Approved :: GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
        "License :: Other/Proprietary License": "LicenseRef-Licet-proprietary",
    },
    "npm": {"MIT, BSD": "BSD-2-Clause"},
    "Maven": {
        "https://glassfish.java.net/nonav/public/CDDL+GPL.html": "CDDL-1.1 OR GPL-2.0-only WITH Classpath-exception-2.0",
        "http://www.h2database.com/html/license.html": "MPL-2.0 OR EPL-1.0",
        "http://www.antlr.org/license.html": "BSD-3-Clause",
    },
    "NuGet": {
        "http://go.microsoft.com/fwlink/?LinkId=329770": "LicenseRef-scancode-ms-net-library-2018-11",
        "http://www.microsoft.com/web/webpi/eula/net_library_eula_enu.htm": "LicenseRef-scancode-ms-net-library",
    },
    "Fedora": {"LGPLv2+": "LGPL-2.1-or-later", "XFree86": "XFree86-1.1", "Netscape": "NPL-1.1"},
    "Debian": {
        "Artistic": "Artistic-1.0-Perl",
        "GPL-2+ with OpenSSL exception": "GPL-2.0-or-later WITH x11vnc-openssl-exception",
    },
    "CRAN": {"GPL-2 | file LICENSE": "GPL-2.0-only"},
    "Gentoo": {"GPL-2 LGPL-2.1": "GPL-2.0-only AND LGPL-2.1-only", "|| ( BSD MIT )": "BSD-3-Clause"},
    "Nix": {"publicDomain": "CC0-1.0"},
    "FreeBSD": {"ART10": "Artistic-1.0"},
    "Quicklisp": {"LLGPL": "LGPL-2.1-or-later WITH LLGPL"},
    "Hugging Face": {"gemma": "LicenseRef-scancode-gemma-tou-2024-04-01"},
}
NOTHING = {
    "npm": ["SEE LICENSE IN LICENSE.md", "UNLICENCED", "MIT*"],
    "Fedora": ["IBM", "GPLv2+ with exceptions", "Freely redistributable without restriction"],
    "CRAN": ["GPL (> 2)", "LGPL (>= 2, < 3)", "ACM", "Unlimited"],
    "Gentoo": ["as-is", "|| ( GPL-2 of-its-own )", "MIT || ( GPL-2 LGPL-2.1 )"],
    "Maven": ["Apache 2.0 + Commons Clause"],
}


@pytest.mark.parametrize("registry", RESOLVED)
def test_what_a_registry_calls_a_licence_is_that_licence(registry: str) -> None:
    found = {string: normalise(string) for string in RESOLVED[registry]}

    assert {string: str(each.expression) for string, each in found.items()} == RESOLVED[registry]


@pytest.mark.parametrize("registry", OPEN)
def test_what_a_registry_leaves_open_stays_open(registry: str) -> None:
    for string, candidate in OPEN[registry].items():
        found = normalise(string)

        assert (found.status, found.expression) == ("ambiguous", None), string
        assert candidate in found.candidates, string


@pytest.mark.parametrize("registry", NOTHING)
def test_what_says_no_licence_in_a_registry_says_none(registry: str) -> None:
    assert [normalise(string).status for string in NOTHING[registry]] == ["unknown"] * len(NOTHING[registry])
