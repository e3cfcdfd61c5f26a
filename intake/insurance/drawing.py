"""A program that draws a stranger's picture anew: from standard input to a JPEG on standard output.

It runs as a process of its own, with no key, no address of a database and hard limits, because a few hundred kilobytes
can make a decoder work for minutes and take gigabytes. Whatever goes wrong ends it, and nothing else.
"""

import os
import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 25_000_000  # to hold decoded: 75 MB; a JPEG of any camera is decoded at a fraction of its size
MOST_BEFORE = 220_000_000  # of a JPEG before that: the largest camera of a phone
LONGEST_SIDE = 2000  # pixels; small print can be read
SECONDS = 4  # of a processor
MEMORY = 768 * 1024**2  # bytes of addresses, the program itself among them
LIMITS = {
    resource.RLIMIT_CPU: SECONDS,
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_NPROC: 0,  # it starts no other process
    resource.RLIMIT_FSIZE: 0,  # and writes no file
    resource.RLIMIT_CORE: 0,
}


def main() -> None:
    os.nice(10)  # visitors come first
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    Image.MAX_IMAGE_PIXELS = MOST_BEFORE // 2  # Pillow refuses at twice as many
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read()))


def drawn(picture: bytes) -> bytes:
    """Raises whatever Pillow raises."""
    with Image.open(BytesIO(picture), formats=FORMATS) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    result = BytesIO()
    upright.save(result, "JPEG", quality=85)
    return result.getvalue()


if __name__ == "__main__":
    main()
