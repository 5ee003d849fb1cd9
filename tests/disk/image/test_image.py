# ruff: noqa: E501
"""Container images from a layout, a tarball and a registry give the same facts as a folder of their files."""

import io
import tarfile

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.facts import read_machine
from poise.disk.folder import FolderTree
from poise.disk.image.layers import ImageLimits, LayerTree
from poise.disk.image.reading import read_image
from poise.disk.image.sources import open_layout, open_registry, open_saved
from poise.disk.tree import FileKind, Unreadable, read
from poise.model.errors import BadInput
from tests.disk.image.images import blobs_of, layer, write_layout, write_saved
from tests.disk.roots import ABOUT, KEY

LOWER = layer({"etc/": None, "etc/os-release": "ID=alpine\nVERSION_ID=3.19.1\n", "lib/apk/db/installed": "P:musl\nV:1.2.3-r5\n\n",
               "gone/": None, "gone/file": "x", "old/": None, "old/a": "1", "etc/removed": "x"}, {"lib64": "lib"})  # fmt: skip
UPPER = layer({"etc/.wh.removed": "", "old/.wh..wh..opq": "", "old/b": "2", ".wh.gone": "", "etc/new": "n"})


def merged(*layers: bytes) -> LayerTree:
    tree = LayerTree()
    for number, one in enumerate(layers):
        tree.add(io.BytesIO(one), f"layer {number}")
    return tree


def test_later_layers_add_replace_and_remove():
    with merged(LOWER, UPPER) as tree:
        assert tree.names("/") == ["etc", "lib", "lib64", "old"]
        assert tree.names("/etc") == ["new", "os-release"]
        assert tree.names("/old") == ["b"]
        assert read(tree, "/lib64/apk/db/installed") == b"P:musl\nV:1.2.3-r5\n\n"
        found = tree.facts("/lib64")
        assert found is not None
        assert found.kind is FileKind.LINK
        with pytest.raises(Unreadable):
            tree.open("/gone/file")


def test_members_that_leave_the_image_are_left_out():
    with merged(layer({"../evil": "x", "/abs": "y", "a/../../b": "z"}, {"out": "../../../etc/passwd"})) as tree:
        assert tree.names("/") == ["abs", "out"]
        assert read(tree, "/out") is None


def test_a_hard_link_is_the_file_it_names():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"abc"))
        member = tarfile.TarInfo("b")
        member.type, member.linkname = tarfile.LNKTYPE, "a"
        archive.addfile(member)
    with merged(out.getvalue()) as tree:
        assert read(tree, "/b") == b"abc"


def test_limits_of_an_image_are_held():
    tree = LayerTree(ImageLimits(layers=1))
    tree.add(io.BytesIO(LOWER), "a")
    with pytest.raises(BadInput, match="more than 1 layers"):
        tree.add(io.BytesIO(UPPER), "b")
    with pytest.raises(BadInput, match="more than 3 files"):
        LayerTree(ImageLimits(members=3)).add(io.BytesIO(LOWER), "a")
    with pytest.raises(BadInput, match="unpack to more than 100 bytes"):
        LayerTree(ImageLimits(layer_bytes=100)).add(io.BytesIO(LOWER), "a")


def facts_of(images):
    (image,) = images
    with image.tree:
        return read_image(image, ABOUT, secret_key=KEY), image


def registry(blobs: dict[str, bytes]) -> httpx.Client:
    """Return a client of a registry that holds some blobs."""

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        is_manifest = "/manifests/" in request.url.path
        fits = name in blobs and is_manifest == (b'"layers"' in blobs[name])
        return httpx.Response(200, content=blobs[name]) if fits else httpx.Response(404)

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="https://registry.example.org")


def test_the_same_image_gives_the_same_facts_from_everywhere(tmp_path):
    layers = [LOWER, UPPER]
    manifest = write_layout(tmp_path / "layout", layers)
    write_saved(tmp_path / "saved.tar", layers)
    with tarfile.open(tmp_path / "layout.tar", "w") as archive:
        archive.add(tmp_path / "layout", ".")
    reference = f"registry.example.org/team/app@{manifest}"
    ways = {
        "layout": open_layout(FolderTree(tmp_path / "layout")),
        "layout tarball": open_saved(tmp_path / "layout.tar"),
        "docker save": open_saved(tmp_path / "saved.tar"),
        "registry": open_registry(registry(blobs_of(layers)[1]), reference),
    }
    found = {name: facts_of(images) for name, images in ways.items()}
    facts = found["layout"][0]
    assert [(p.name, p.ecosystem) for p in facts.software.packages] == [("musl", "apk")]
    assert (facts.software.os.id, facts.machine.kernel.release) == ("alpine", "")
    assert all(one[0] == facts for one in found.values())
    assert {name: one[1].names for name, one in found.items()} == {
        "layout": ("app:1",), "layout tarball": ("app:1",), "docker save": ("app:1",), "registry": (reference,),
    }  # fmt: skip
    assert found["layout"][1].digest == manifest


def test_secrets_in_the_configuration_of_an_image_are_found_and_not_kept(tmp_path):
    write_layout(tmp_path / "layout", [LOWER])
    facts, _ = facts_of(open_layout(FolderTree(tmp_path / "layout")))
    assert facts.secrets is not None
    assert [(s.path, s.place) for s in facts.secrets.found] == [("image configuration", "variable DB_PASSWORD")]
    assert "correct-horse" not in repr(facts)


def test_content_that_does_not_fit_its_digest_is_refused(tmp_path):
    manifest, blobs = blobs_of([LOWER])
    for name in [name for name in blobs if name != manifest]:
        changed = dict(blobs) | {name: blobs[name] + b" "}
        with pytest.raises(BadInput, match="does not fit its digest"):
            list(open_registry(registry(changed), f"registry.example.org/app@{manifest}"))


@pytest.mark.parametrize("reference", ["app:1", "host/app", "host/app@sha256:12", "host/../x@sha256:" + "0" * 64])
def test_an_image_is_named_by_digest_alone(reference):
    with pytest.raises(BadInput, match="names no image by digest"):
        list(open_registry(registry({}), reference))


def test_a_registry_that_refuses_is_an_error_that_names_it():
    client = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(401)), base_url="https://r.example.org"
    )
    with pytest.raises(BadInput, match="the registry did not give sha256:0000"):
        list(open_registry(client, "r.example.org/app@sha256:" + "0" * 64))


def test_a_tarball_of_something_else_is_refused(tmp_path):
    (tmp_path / "x.tar").write_bytes(layer({"a": "b"}))
    with pytest.raises(BadInput, match=r"neither manifest.json nor index.json"):
        list(open_saved(tmp_path / "x.tar"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 255)), max_size=16), st.integers(0, 4000))
def test_a_damaged_layer_is_refused_or_read(changes, cut):
    data = bytearray(LOWER)
    for at, value in changes:
        data[at % len(data)] = value
    tree = LayerTree()
    try:
        tree.add(io.BytesIO(bytes(data[: len(data) - cut])), "layer")
    except BadInput:
        return
    read_machine(tree, ABOUT, secret_key=KEY)
