"""Image formats that wrap a disk: VHD, VHDX, VMDK and qcow2. A raw image is the disk itself.

A format that leans on another file (backing file, parent, extents beside it) is unsupported: its names are chosen by
whoever made the image, and no file of this machine is ever opened for them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from poise.disk.source.block import BlockSource, BlockUnread
from poise.disk.volume import qcow2
from poise.disk.volume.libyal import Unpacked, asked
from poise.disk.volume.window import Stream, window

VHDX_MAGIC, VHD_MAGIC = b"vhdxfile", b"conectix"
VMDK_MAGICS = (b"KDMV", b"COWD")
VMDK_TEXT = b"# Disk DescriptorFile"
VHD_FIXED, VHD_DYNAMIC = 2, 3


class UnsupportedContainer(BlockUnread):
    """The format is known, and this kind of it cannot be read."""


def unpacked(image: BlockSource) -> tuple[str, BlockSource]:
    """Return the format of an image and the disk in it; raises :class:`UnsupportedContainer`, `BlockUnread`."""
    head = image.read(0, 1024)
    if head[:4] == qcow2.MAGIC:
        return "qcow2", qcow2.Qcow2(image)
    if head[:8] == VHDX_MAGIC:
        return "vhdx", _vhd(image, "VHDX image")
    if head[:4] in VMDK_MAGICS:
        return "vmdk", _vmdk(image)
    if head.startswith(VMDK_TEXT):
        raise UnsupportedContainer("disk", "a VMDK whose data is in other files is unsupported: give those files")
    footer = image.read(image.size - 512, 512) if image.size >= 1024 else b""
    if footer[:8] == VHD_MAGIC or (head[:8] == VHD_MAGIC and len(head) >= 512):
        return "vhd", _any_vhd(image, footer if footer[:8] == VHD_MAGIC else head[:512])
    return "raw", image


def _any_vhd(image: BlockSource, footer: bytes) -> BlockSource:
    kind = struct.unpack_from(">I", footer, 60)[0]
    if kind == VHD_FIXED:
        return window(image, 0, image.size - 512)
    if kind == VHD_DYNAMIC:
        return _vhd(image, "VHD image")
    raise UnsupportedContainer("disk", f"VHD images of type {kind} (differencing) are unsupported")


def _vhd(image: BlockSource, about: str) -> BlockSource:
    import pyvhdi

    handle = pyvhdi.file()
    _open(handle.open_file_object, image, about)
    if asked(handle.get_parent_identifier, about):
        raise UnsupportedContainer("disk", f"{about}: differencing images are unsupported")
    return Unpacked(handle, asked(handle.get_media_size, about), about)


def _vmdk(image: BlockSource) -> BlockSource:
    import pyvmdk

    about = "VMDK image"
    handle, stream = pyvmdk.handle(), Stream(image)
    asked(lambda: handle.open_file_object(stream), about)
    count = asked(handle.get_number_of_extents, about)
    if count != 1:
        raise UnsupportedContainer("disk", f"{about}: its data is in {count} extents; one is supported")
    if asked(handle.get_parent_content_identifier, about) not in (None, 0xFFFFFFFF):
        raise UnsupportedContainer("disk", f"{about}: it holds only the changes of another image")
    asked(lambda: handle.open_extent_data_files_as_file_objects([stream]), about)
    return Unpacked(handle, asked(handle.get_media_size, about), about)


def _open(open_file_object: Callable[[Stream], object], image: BlockSource, about: str) -> None:
    asked(lambda: open_file_object(Stream(image)), about)
