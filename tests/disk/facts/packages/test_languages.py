# ruff: noqa: E501
"""Packages of languages: by metadata, lock files, archives inside archives, and lists inside programs."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.facts.limits import Limits
from poise.disk.facts.packages.archive import Archive, Budget
from poise.disk.facts.packages.binaries import go_modules
from poise.disk.facts.software import read_packages
from poise.model.errors import BadInput
from tests.disk.facts.packages import rpms
from tests.disk.facts.packages.elf import elf, go_program, rust_program
from tests.disk.roots import put, reading_of


def found_in(root, limits=None):
    """Return (ecosystem, name, version, state) of every package."""
    return [(p.ecosystem, p.name, p.version, p.state) for p in read_packages(reading_of(root, limits))]


FILES = {
    "/srv/a/site-packages/Flask_Login-0.6.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: Flask.Login\nVersion: 0.6\n\nName: no\nVersion: 9\n",
        [("pypi", "flask-login", "0.6", "installed")],
    ),
    "/srv/a/site-packages/old.egg-info": ("Name: old\nVersion: 1\n", [("pypi", "old", "1", "installed")]),
    "/srv/a/requirements-dev.txt": (
        "a==1.0 ; python_version < '3'\nb[x]==2.0 --hash=x\n# c==1\nd>=1\ne==1.* \nf==3.0 \\\n  --hash=sha256:00\n",
        [("pypi", "a", "1.0", "declared"), ("pypi", "b", "2.0", "declared"), ("pypi", "f", "3.0", "declared")],
    ),
    "/srv/a/poetry.lock": (
        '[[package]]\nname = "Six"\nversion = "1.16"\n[[package]]\nname = "own"\nversion = "1"\n[package.source]\ntype="directory"\n'
        'directory = {}\n',
        [("pypi", "six", "1.16", "declared")],
    ),
    "/srv/a/uv.lock": (
        'version = 1\n[[package]]\nname = "app"\nversion = "0.1"\nsource = { virtual = "." }\n[[package]]\nname = "six"\n'
        'version = "1.17"\nsource = { registry = "https://packages.example/simple" }\n',
        [("pypi", "six", "1.17", "declared")],
    ),
    "/srv/a/Pipfile.lock": (
        '{"default":{"requests":{"version":"==2.0"}},"develop":{"pytest":{"version":"==7"},"e":{"path":"."}}}',
        [("pypi", "pytest", "7", "declared"), ("pypi", "requests", "2.0", "declared")],
    ),
    "/srv/a/node_modules/@s/x/package.json": ('{"name":"@s/x","version":"1.2.3"}', [("npm", "@s/x", "1.2.3", "installed")]),
    "/srv/b/package.json": ('{"name":"app","version":"1.2.3"}', []),
    "/srv/b/package-lock.json": (
        '{"lockfileVersion":3,"packages":{"":{"version":"1"},"node_modules/a":{"version":"1.0.0"},'
        '"node_modules/a/node_modules/@s/b":{"version":"2.0.0","dev":true},"node_modules/alias":{"name":"real","version":"3.0.0"},'
        '"node_modules/l":{"link":true,"version":"9"}}}',
        [("npm", "@s/b", "2.0.0", "declared"), ("npm", "a", "1.0.0", "declared"), ("npm", "real", "3.0.0", "declared")],
    ),
    "/srv/c/package-lock.json": (
        '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"2.0.0"}}},'
        '"g":{"version":"git+ssh://x"},"n":{"version":"npm:other@4.0.0"}}}',
        [("npm", "a", "1.0.0", "declared"), ("npm", "b", "2.0.0", "declared"), ("npm", "other", "4.0.0", "declared")],
    ),
    "/srv/d/yarn.lock": (
        '# yarn lockfile v1\n\n"@s/a@^1.0", "@s/a@^1.1":\n  version "1.2.0"\n  resolved "x"\n  dependencies:\n    b "^2"\n\n'
        'b@^2:\n  version "2.5.0"\n\nc@npm:real@^1:\n  version "1.0.1"\n',
        [("npm", "@s/a", "1.2.0", "declared"), ("npm", "b", "2.5.0", "declared"), ("npm", "real", "1.0.1", "declared")],
    ),
    "/srv/e/yarn.lock": (
        '__metadata:\n  version: 6\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n\n"a@npm:^1.0.0":\n  version: 1.3.0\n'
        '  resolution: "a@npm:1.3.0"\n',
        [("npm", "a", "1.3.0", "declared")],
    ),
    "/srv/f/pnpm-lock.yaml": (
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies: {}\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {integrity: x}\n\n"
        "  b@2.0.0(c@1.0.0):\n    resolution: {integrity: y}\nsnapshots:\n  d@3.0.0: {}\n",
        [("npm", "@s/a", "1.0.0", "declared"), ("npm", "b", "2.0.0", "declared")],
    ),
    "/srv/g/pnpm-lock.yaml": (
        "lockfileVersion: 5.4\npackages:\n\n  /@s/a/1.0.0:\n    dev: true\n\n  /b/2.0.0_c@1.0.0:\n    dev: false\n",
        [("npm", "@s/a", "1.0.0", "declared"), ("npm", "b", "2.0.0", "declared")],
    ),
    "/srv/h/Cargo.lock": (
        '[[package]]\nname = "own"\nversion = "0.1.0"\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+x"\n',
        [("cargo", "serde", "1.0.1", "declared")],
    ),
    "/usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.4.gemspec": (
        'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.4"\n  s.required_ruby_version = "2"\n',
        [("gem", "rack", "2.2.4", "installed")],
    ),
    "/srv/i/Gemfile.lock": (
        "PATH\n  remote: .\n  specs:\n    own (0.1)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    nokogiri (1.15.0-x86_64-linux)\n"
        "      racc (~> 1.4)\n    racc (1.7.1)\n\nDEPENDENCIES\n  nokogiri (1.0)\n",
        [("gem", "nokogiri", "1.15.0", "declared"), ("gem", "racc", "1.7.1", "declared")],
    ),
    "/app/app.deps.json": (
        '{"libraries":{"app/1.0.0":{"type":"project"},"Newtonsoft.Json/13.0.1":{"type":"package"}}}',
        [("nuget", "Newtonsoft.Json", "13.0.1", "installed")],
    ),
    "/app/packages.lock.json": (
        '{"version":1,"dependencies":{"net6.0":{"A":{"type":"Direct","resolved":"1.0.0"},"own":{"type":"Project"}},'
        '"net8.0":{"A":{"type":"Direct","resolved":"1.0.0"}}}}',
        [("nuget", "A", "1.0.0", "declared")],
    ),
    "/app/packages.config": ('<packages><package id="B" version="2.0" /></packages>', [("nuget", "B", "2.0", "declared")]),
    "/var/www/composer.lock": (
        '{"packages":[{"name":"a/b","version":"v1.0.0"}],"packages-dev":[{"name":"c/d","version":"2.0"}]}',
        [("composer", "a/b", "1.0.0", "declared"), ("composer", "c/d", "2.0", "declared")],
    ),
    "/var/www/vendor/composer/installed.json": (
        '{"packages":[{"name":"a/b","version":"v1.0.0"}],"dev-package-names":[]}',
        [("composer", "a/b", "1.0.0", "installed")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("path", FILES)
def test_each_kind_of_file_names_its_packages(tmp_path, path):
    content, expected = FILES[path]
    put(tmp_path, path, content)
    assert found_in(tmp_path) == expected


@pytest.mark.parametrize("path", FILES)
@settings(max_examples=15, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 2000), st.characters()), max_size=8), cut=st.integers(0, 300))
def test_a_damaged_file_gives_packages_or_a_gap_and_nothing_worse(tmp_path_factory, path, changes, cut):
    root = tmp_path_factory.mktemp("damaged")
    text = list(FILES[path][0])
    for at, char in changes:
        text[at % len(text)] = char
    put(root, path, "".join(text[: len(text) - cut % len(text)]).encode("utf-8", "surrogatepass"))
    read_packages(reading_of(root))


def test_a_file_that_is_no_json_is_a_gap(tmp_path):
    put(tmp_path, "/srv/package-lock.json", "{")
    reading = reading_of(tmp_path)
    assert read_packages(reading) == ()
    assert [(gap.place, "no JSON" in gap.reason) for gap in reading.gaps] == [("/srv/package-lock.json", True)]


def test_what_a_deb_brought_is_the_distribution_s(tmp_path):
    metadata = "/usr/lib/python3/dist-packages/reportlab-3.6.12.egg-info"
    put(tmp_path, metadata, "Name: reportlab\nVersion: 3.6.12\n")
    put(
        tmp_path,
        "/usr/local/lib/python3.11/site-packages/zipp-0.6.0.dist-info/METADATA",
        "Name: zipp\nVersion: 0.6.0\n",
    )
    put(tmp_path, "/var/lib/dpkg/info/python3-reportlab.list", f"/.\n/usr\n/usr/lib\n/usr/lib/python3\n{metadata}\n")
    owners = {p.name: p.owner for p in read_packages(reading_of(tmp_path))}
    assert owners == {"reportlab": "distribution", "zipp": ""}


def test_what_an_rpm_or_apk_brought_is_the_distribution_s(tmp_path):
    zipp, urllib3 = (f"/usr/lib/python3.9/site-packages/{name}.dist-info" for name in ("zipp-0.6.0", "urllib3-1.26.5"))
    put(tmp_path, f"{zipp}/METADATA", "Name: zipp\nVersion: 0.6.0\n")
    put(tmp_path, f"{urllib3}/METADATA", "Name: urllib3\nVersion: 1.26.5\n")
    blob = rpms.header(
        t1000="python3-zipp", t1001="0.6.0", t1002="150100.3.5.1", t1116=[0], t1117=["METADATA"], t1118=[f"{zipp}/"]
    )
    put(tmp_path, "/var/lib/rpm/Packages.db", rpms.ndb([blob]))
    put(tmp_path, "/lib/apk/db/installed", f"P:py3-urllib3\nV:1.26.5-r0\nF:{urllib3[1:]}\nR:METADATA\n\n")
    found = {(p.ecosystem, p.name): p.owner for p in read_packages(reading_of(tmp_path)) if p.ecosystem == "pypi"}
    assert found == {("pypi", "zipp"): "distribution", ("pypi", "urllib3"): "distribution"}


def archive_of(members: dict[str, bytes], *, stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def pom(group: str, artifact: str, version: str) -> dict[str, bytes]:
    text = f"#Generated\r\ngroupId={group}\r\nartifactId={artifact}\r\nversion={version}\r\n"
    return {f"META-INF/maven/{group}/{artifact}/pom.properties": text.encode()}


LOG4J = archive_of(pom("org.apache.logging.log4j", "log4j-core", "2.14.1"))


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "deflated"])
def test_a_jar_within_a_jar_within_a_war_is_found_at_its_place(tmp_path, stored):
    inner = archive_of({"BOOT-INF/lib/log4j-core-2.14.1.jar": LOG4J}, stored=stored)
    put(tmp_path, "/opt/app.war", archive_of({"WEB-INF/lib/inner.jar": inner}, stored=stored))
    (found,) = [p for p in read_packages(reading_of(tmp_path)) if not p.guessed]
    assert (found.name, found.version) == ("org.apache.logging.log4j:log4j-core", "2.14.1")
    assert found.place == "/opt/app.war!/WEB-INF/lib/inner.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar"
    assert found.purl == "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"


def test_artifacts_shaded_into_a_jar_are_found_beside_the_jar_itself(tmp_path):
    members = pom("com.example", "app", "1.0") | pom("org.yaml", "snakeyaml", "1.30") | pom("bad", "${x}", "")
    put(tmp_path, "/opt/app-1.0.jar", archive_of(members))
    found = [(p.name, p.version, p.guessed) for p in read_packages(reading_of(tmp_path))]
    assert found == [("com.example:app", "1.0", False), ("org.yaml:snakeyaml", "1.30", False)]


def test_a_jar_without_coordinates_is_named_by_manifest_and_file_name(tmp_path):
    text = b"Manifest-Version: 1.0\r\nBundle-SymbolicName: org.example.thi\r\n ng;singleton:=true\r\nImplementation-Version: 9\r\n\r\n"
    put(tmp_path, "/opt/thing-2.3.1.jar", archive_of({"META-INF/MANIFEST.MF": text}))
    put(tmp_path, "/opt/unversioned.jar", archive_of({"META-INF/MANIFEST.MF": text}))
    put(tmp_path, "/opt/wrapper.jar", archive_of({"a.txt": b"nothing tells what it is"}))
    found = [(p.name, p.version, p.guessed) for p in read_packages(reading_of(tmp_path))]
    assert found == [("org.example.thing", "9", True), ("org.example:thing", "2.3.1", True)]


def test_archives_nested_too_deep_are_a_gap(tmp_path):
    data = LOG4J
    for depth in range(8):
        data = archive_of({f"level{depth}.jar": data})
    put(tmp_path, "/opt/deep.jar", data)
    reading = reading_of(tmp_path)
    assert read_packages(reading) == ()
    assert any("more than 5 archives inside each other" in gap.reason for gap in reading.gaps)


def test_an_archive_that_inflates_without_end_is_a_gap(tmp_path):
    put(tmp_path, "/opt/bomb.jar", archive_of({"inner.jar": bytes(4 << 20), **pom("a", "bomb", "1")}))
    reading = reading_of(tmp_path, Limits(inflated_bytes=1 << 20))
    assert [p.name for p in read_packages(reading)] == ["a:bomb"]
    assert any("inflates to more than" in gap.reason for gap in reading.gaps)


def test_more_members_than_the_limit_are_a_gap(tmp_path):
    put(tmp_path, "/opt/wide.jar", archive_of({f"{n}.txt": b"" for n in range(20)}))
    reading = reading_of(tmp_path, Limits(members=10))
    read_packages(reading)
    assert [gap.reason for gap in reading.gaps] == ["more than 10 members: the rest is not read"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12), st.integers(0, 3000))
def test_a_damaged_archive_gives_packages_or_a_gap_and_nothing_worse(tmp_path_factory, changes, cut):
    root = tmp_path_factory.mktemp("damaged")
    data = bytearray(archive_of({"a.jar": LOG4J, "b.txt": b"x" * 100} | pom("g", "a", "1"), stored=True))
    for at, value in changes:
        data[at % len(data)] = value
    put(root, "/opt/a.jar", bytes(data[: len(data) - cut % len(data)]))
    read_packages(reading_of(root))


MODULES = "path\tcmd/app\nmod\tgithub.com/o/app\t(devel)\t\ndep\tgolang.org/x/net\tv0.1.0\th1:x\ndep\told.example/a\tv1.0.0\n=>\tnew.example/a\tv1.1.0\th1:y\nbuild\tGOOS=linux\n"


def test_a_go_program_tells_its_modules_and_its_library(tmp_path):
    put(tmp_path, "/usr/local/bin/app", go_program("go1.21.5", MODULES), 0o755)
    found = {(p.name, p.version, p.place) for p in read_packages(reading_of(tmp_path))}
    place = "/usr/local/bin/app"
    assert found == {
        ("stdlib", "1.21.5", place),
        ("golang.org/x/net", "v0.1.0", place),
        ("new.example/a", "v1.1.0", place),
    }


def test_the_linker_s_flags_tell_the_version_of_a_program_built_from_its_folder(tmp_path):
    text = MODULES + 'build\t-ldflags="-s -X main.gitCommit=1 -X k8s.io/component-base/version.gitVersion=v1.32.4 -w"\n'
    put(tmp_path, "/usr/local/bin/app", go_program("go1.21.5", text), 0o755)
    found = {(p.name, p.version): p.guessed for p in read_packages(reading_of(tmp_path))}
    assert found["github.com/o/app", "v1.32.4"] is True


def test_a_rust_program_tells_its_crates(tmp_path):
    document = {"packages": [{"name": "serde", "version": "1.0.1", "source": "crates.io"},
                             {"name": "cc", "version": "1.0.2", "source": "registry", "kind": "build"},
                             {"name": "own", "version": "0.1.0", "source": "local", "root": True}]}  # fmt: skip
    put(tmp_path, "/opt/tool", rust_program(json.dumps(document).encode()), 0o755)
    found = {(p.name, p.version, p.development) for p in read_packages(reading_of(tmp_path))}
    assert found == {("serde", "1.0.1", False), ("cc", "1.0.2", True)}


def test_audit_data_that_inflates_without_end_is_a_gap(tmp_path):
    put(tmp_path, "/opt/tool", rust_program(b" " * (17 << 20)), 0o755)
    reading = reading_of(tmp_path)
    assert read_packages(reading) == ()
    assert "inflates to more than" in reading.gaps[0].reason


def test_a_replaced_module_is_what_replaced_it():
    assert go_modules("dep\ta\tv1\n=>\t./local\t\ndep\tb\tv2\n") == [("b", "v2")]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 255)), max_size=12), st.integers(0, 1000), st.booleans())
def test_a_damaged_program_gives_packages_or_a_gap_and_nothing_worse(tmp_path_factory, changes, cut, is_go):
    root = tmp_path_factory.mktemp("damaged")
    data = bytearray(go_program("go1.20", MODULES) if is_go else rust_program(b'{"packages":[]}'))
    for at, value in changes:
        data[at % len(data)] = value
    put(root, "/opt/app", bytes(data[: len(data) - cut]), 0o755)
    read_packages(reading_of(root))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"\x7fELF\2\1", b"\x7fELF\1\2", b"MZ", b"PK\3\4"]))
def test_any_bytes_behind_a_program_s_mark_are_refused_cleanly(tmp_path_factory, data, mark):
    root = tmp_path_factory.mktemp("any")
    put(root, "/opt/app.exe", (mark + data).ljust(5000, b"\1"), 0o755)
    put(root, "/opt/app.jar", mark + data)
    read_packages(reading_of(root))


def test_a_program_without_a_list_names_no_package(tmp_path):
    put(tmp_path, "/opt/plain", elf({".text": b"\x90" * 64}), 0o755)
    reading = reading_of(tmp_path)
    assert read_packages(reading) == ()
    assert reading.gaps == ()


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    data = archive_of({"a": b"x" * 1000})
    archive = Archive(reading_of(tmp_path), io.BytesIO(data), "a.jar", Budget(10))
    with pytest.raises(BadInput, match="inflates to more than 10 bytes"):
        archive.content(archive.members[0], 100)
