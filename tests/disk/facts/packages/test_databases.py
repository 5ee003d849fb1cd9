# ruff: noqa: E501
"""Package databases: Debian's, rpm's in its three forms, Alpine's. Real ones are made by dpkg and rpm themselves."""

import contextlib
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.facts.packages import rpm_header
from poise.disk.facts.packages.apk import read_apk
from poise.disk.facts.packages.dpkg import read_dpkg
from poise.disk.facts.packages.rpm import read_rpm
from poise.disk.facts.packages.sqlite_file import merged, query
from poise.disk.facts.reading import Reading
from poise.disk.facts.software import read_packages, read_system_packages
from poise.model.errors import BadInput
from tests.disk.facts.packages import rpms
from tests.disk.roots import put, reading_of

GIT_REMOVED = """Package: git
Status: deinstall ok config-files
Architecture: amd64
Version: 1:2.20.1-2+deb10u3

Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc (2.36-9)
Version: 2.36-9+b1
Maintainer: GNU Libc Maintainers
Description: C library
 Version: 9.9 in a continued line is text

Package: linux-image-amd64
Status: hold ok installed
Architecture: amd64
Source: linux-signed-amd64 (6.1.153+1)
Version: 6.1.153-1

Package: broken
Status: install ok half-configured
Architecture: all
Version: 1:2:3
"""


def by_name(packages):
    return {package.name: package for package in packages}


def test_a_removed_package_whose_configuration_stayed_is_not_installed(tmp_path):
    put(tmp_path, "/var/lib/dpkg/status", GIT_REMOVED)
    found = by_name(read_dpkg(reading_of(tmp_path)))
    assert found.keys() == {"libc6", "linux-image-amd64", "broken"}
    assert (found["libc6"].source, found["libc6"].source_version) == ("glibc", "2.36-9")
    assert found["libc6"].full_version == "2.36-9+b1"
    assert found["linux-image-amd64"].state == "held"
    assert (found["broken"].epoch, found["broken"].version, found["broken"].state) == (1, "2:3", "half-configured")


def test_images_without_a_status_file_keep_its_paragraphs_in_a_folder(tmp_path):
    put(tmp_path, "/var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2025b-0\nArchitecture: all\n")
    put(tmp_path, "/var/lib/dpkg/status.d/tzdata.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n")
    assert [p.name for p in read_dpkg(reading_of(tmp_path))] == ["tzdata"]


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg is not here")
def test_packages_unpacked_by_dpkg_are_listed_with_their_files(tmp_path):
    root, deb = tmp_path / "root", tmp_path / "deb"
    for name, fields in (("one", "Source: both (1:3.0-1)\n"), ("two", "")):
        put(deb, f"{name}/DEBIAN/control", f"Package: {name}\nVersion: 1:2.0-1+b2\nArchitecture: all\n{fields}"
            "Maintainer: Nobody <nobody@example.org>\nDescription: test\n")  # fmt: skip
        put(
            deb,
            f"{name}/usr/lib/python3/dist-packages/{name}-2.0.dist-info/METADATA",
            f"Name: {name}\nVersion: 2.0\n\n",
        )
        (deb / name / "DEBIAN").chmod(0o755)
        subprocess.run(["dpkg-deb", "-b", str(deb / name), str(deb / f"{name}.deb")], check=True, capture_output=True)
    for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates"):
        (root / folder).mkdir(parents=True)
    put(root, "/var/lib/dpkg/status")
    debs = [str(deb / "one.deb"), str(deb / "two.deb")]
    subprocess.run(["dpkg", f"--root={root}", "--force-not-root", "--force-script-chrootless", "--log=/dev/null", "--unpack",
                    *debs], check=True, capture_output=True)  # fmt: skip
    (root / "usr/lib/python3/dist-packages/two-2.0.dist-info/METADATA").unlink()
    found = {(p.ecosystem, p.name): p for p in read_packages(reading_of(root))}
    assert found.keys() == {("deb", "one"), ("deb", "two"), ("pypi", "one")}
    assert found["deb", "one"].state == "unpacked"
    assert (found["deb", "one"].full_version, found["deb", "one"].source_version) == ("1:2.0-1+b2", "1:3.0-1")
    assert not found["deb", "one"].files_missing
    assert found["deb", "two"].files_missing
    assert found["pypi", "one"].owner == "distribution"


SPEC = """Name: {name}
{extra}Version: 1.04
Release: 299.el7_9
Summary: test
License: none
BuildArch: noarch
Vendor: Someone
%description
test
%install
mkdir -p %{{buildroot}}/usr/share/{name}
echo 1 > %{{buildroot}}/usr/share/{name}/file
%files
/usr/share/{name}/file
"""


@pytest.fixture(scope="module")
def rpm_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a root whose rpm database rpm itself has made."""
    if shutil.which("rpmbuild") is None or shutil.which("rpm") is None:
        pytest.skip("rpm and rpmbuild are not here")
    folder = tmp_path_factory.mktemp("rpm")
    extras = {"perl-pod": "Epoch: 1\n",
              "nodejs": "ModularityLabel: nodejs:18:8060020220523160029:ad008a3a\n"}  # fmt: skip
    for name, extra in extras.items():
        put(folder, f"{name}.spec", SPEC.format(name=name, extra=extra))
        subprocess.run(["rpmbuild", "-bb", "--define", f"_topdir {folder}/top", str(folder / f"{name}.spec")], check=True,
                       capture_output=True)  # fmt: skip
    root = folder / "root"
    root.mkdir()
    built = [str(path) for path in sorted((folder / "top/RPMS/noarch").glob("*.rpm"))]
    subprocess.run(["rpm", "--root", str(root), "--dbpath", "/var/lib/rpm", "--define", "_db_backend sqlite", "-i", "--justdb",
                    "--nodeps", "--force-debian", *built], check=True, capture_output=True)  # fmt: skip
    return root


def test_rpms_of_a_real_database_keep_epoch_source_and_module(rpm_root):
    found = by_name(read_rpm(reading_of(rpm_root)))
    assert found.keys() == {"perl-pod", "nodejs"}
    perl = found["perl-pod"]
    assert (perl.epoch, perl.version, perl.release, perl.architecture, perl.origin) == (
        1,
        "1.04",
        "299.el7_9",
        "noarch",
        "Someone",
    )
    assert (perl.source, perl.source_version) == ("perl-pod", "1.04-299.el7_9")
    assert found["nodejs"].module == "nodejs:18:8060020220523160029:ad008a3a"
    assert found["nodejs"].epoch is None


def test_rpms_whose_files_are_gone_stay_installed_and_say_so(rpm_root):
    found = by_name(read_packages(reading_of(rpm_root)))
    assert {name: p.files_missing for name, p in found.items()} == {"perl-pod": True, "nodejs": True}


def test_what_stands_in_the_write_ahead_log_alone_is_read(tmp_path, rpm_root):
    blobs = [
        blob for (blob,) in sqlite3.connect(rpm_root / "var/lib/rpm/rpmdb.sqlite").execute("SELECT blob FROM Packages")
    ]
    live = tmp_path / "live"
    database = sqlite3.connect(live)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    database.execute("INSERT INTO Packages (blob) VALUES (?)", (blobs[0],))
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("INSERT INTO Packages (blob) VALUES (?)", (blobs[1],))
    database.commit()
    log = (tmp_path / "live-wal").read_bytes()
    assert log
    root = tmp_path / "root"
    put(root, "/var/lib/rpm/rpmdb.sqlite", live.read_bytes())
    assert len(list(read_rpm(reading_of(root)))) == 1
    put(root, "/var/lib/rpm/rpmdb.sqlite-wal", log)
    assert len(list(read_rpm(reading_of(root)))) == 2
    put(root, "/var/lib/rpm/rpmdb.sqlite-wal", log[:-100])
    assert len(list(read_rpm(reading_of(root)))) == 1, "a frame that is cut off was never committed"
    database.close()


def small(name: str, **more: object) -> bytes:
    return rpms.header(t1000=name, t1001="1.0", t1002="1.el9", t1022="x86_64", **more)


LARGE = small("big", t1117=[f"file{n}" for n in range(2000)], t1118=["/opt/big/"], t1116=[0] * 2000)


@pytest.mark.parametrize(
    ("name", "made"),
    [("Packages.db", rpms.ndb), ("Packages", rpms.bdb), ("Packages", lambda blobs: rpms.bdb(blobs, ">"))],
    ids=["ndb", "Berkeley DB", "Berkeley DB big-endian"],
)
def test_older_databases_of_rpm_are_read(tmp_path, name, made):
    put(tmp_path, f"/var/lib/rpm/{name}", made([small("bash", t1003=[2]), LARGE, small("gpg-pubkey")]))
    reading = reading_of(tmp_path)
    found = by_name(read_rpm(reading))
    assert found.keys() == {"bash", "big"}, "keys of packagers are no packages"
    assert found["bash"].full_version == "2:1.0-1.el9"
    assert reading.gaps == ()


def test_a_modular_release_without_a_label_is_modular(tmp_path):
    release = "54.rc5.dev.git2abd837.module+el8+5201+6423ecab"
    blob = rpms.header(t1000="runc", t1001="1.0.0", t1002=release, t1022="x86_64")
    put(tmp_path, "/var/lib/rpm/Packages.db", rpms.ndb([blob]))
    assert [p.module for p in read_rpm(reading_of(tmp_path))] == ["modular"]


def test_the_source_of_an_rpm_has_a_version_of_its_own(tmp_path):
    blob = rpms.header(
        t1000="perl-Pod-Escapes", t1001="1.04", t1002="299.el7_9", t1003=[1], t1044="perl-5.16.3-299.el7_9.src.rpm"
    )
    put(tmp_path, "/var/lib/rpm/Packages.db", rpms.ndb([blob]))
    (found,) = read_rpm(reading_of(tmp_path))
    assert (found.full_version, found.source, found.source_version) == ("1:1.04-299.el7_9", "perl", "5.16.3-299.el7_9")


def test_the_manifest_of_images_without_a_database_keeps_epochs(tmp_path):
    lines = "bind-libs\t9.16.33-1.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t580\tx86_64\t32\tbind-9.16.33-1.cm2.src.rpm\n"
    put(tmp_path, "/var/lib/rpmmanifest/container-manifest-2", lines)
    (found,) = read_rpm(reading_of(tmp_path))
    assert (found.full_version, found.architecture, found.source) == ("32:9.16.33-1.cm2", "x86_64", "bind")


APK = "C:Q1abc=\nP:libcrypto3\nV:3.0.8-r0\nA:x86_64\no:openssl\nm:Ariadne <a@example.org>\nF:lib\nR:libcrypto.so.3\n\nP:musl\nV:1.2.3-r5\nA:x86_64\n\n"


def test_apk_packages_keep_their_origin(tmp_path):
    put(tmp_path, "/lib/apk/db/installed", APK)
    found = by_name(read_apk(reading_of(tmp_path)))
    assert (found["libcrypto3"].source, found["libcrypto3"].version) == ("openssl", "3.0.8-r0")
    assert found["musl"].source == "musl"


def test_packages_of_an_unknown_distribution_are_listed(tmp_path):
    put(tmp_path, "/lib/apk/db/installed", APK)
    put(tmp_path, "/lib/libcrypto.so.3", "x")
    found = read_system_packages(reading_of(tmp_path))
    assert [p.name for p in found] == ["libcrypto3", "musl"]
    assert found[0].purl == "pkg:apk/libcrypto3@3.0.8-r0?arch=x86_64&upstream=openssl"


def test_more_packages_than_the_limit_are_a_gap(tmp_path):
    put(tmp_path, "/lib/apk/db/installed", "".join(f"P:p{n}\nV:1-r0\n\n" for n in range(12)))
    reading = Reading(reading_of(tmp_path).tree, limits=reading_of(tmp_path).limits.__class__(packages=10))
    assert len(read_system_packages(reading)) == 10
    assert [gap.reason for gap in reading.gaps] == ["more than 10 packages: the rest is not read"]


def test_a_database_that_is_not_sound_is_a_gap(tmp_path):
    put(tmp_path, "/var/lib/rpm/Packages", b"nonsense" * 100)
    put(tmp_path, "/lib/apk/db/installed", APK)
    reading = reading_of(tmp_path)
    assert len(read_system_packages(reading)) == 2
    assert "Berkeley DB" in reading.gaps[0].reason


def test_a_hostile_query_is_stopped(tmp_path):
    path = tmp_path / "db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
                         "SELECT x AS hnum, zeroblob(1) AS blob FROM n WHERE x < 0")  # fmt: skip
    database.close()
    with pytest.raises(BadInput, match="interrupted"):
        list(query(path.read_bytes(), None, "SELECT blob FROM Packages ORDER BY hnum"))


mutations = st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 255)), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(mutations, st.sampled_from(["Packages.db", "Packages", "rpmdb.sqlite"]), st.integers(0, 40_000))
def test_a_damaged_database_gives_packages_or_a_gap_and_nothing_worse(tmp_path_factory, changes, name, cut):
    root = tmp_path_factory.mktemp("damaged")
    made = {"Packages.db": rpms.ndb, "Packages": rpms.bdb}.get(name)
    data = bytearray(made([small("bash"), LARGE]) if made else sqlite_database(root))
    for at, value in changes:
        data[at % len(data)] = value
    put(root, f"/var/lib/rpm/{name}", bytes(data[: max(1, len(data) - cut % len(data))]))
    read_packages(reading_of(root))


def sqlite_database(folder: Path) -> bytes:
    path = folder / "made"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
        database.executemany("INSERT INTO Packages (blob) VALUES (?)", [(small("bash"),), (LARGE,)])
    database.close()
    return path.read_bytes()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_header_or_log_are_refused_or_read(data):
    with contextlib.suppress(BadInput):
        rpm_header.parse(data, frozenset(range(1000, 1200)))
    assert isinstance(merged(b"x" * 1024, data), bytes)
