"""Makes `static/type/bricolage.woff2`: the display face of the public pages, with the letters of English and Spanish.

The face is Bricolage Grotesque by Mathieu Triay, under the SIL Open Font License (`static/type/LICENSE.txt`), from the
package @fontsource/bricolage-grotesque 5.3.0 of npm. It is made once, so its tools are in no list of requirements:

    npm pack @fontsource/bricolage-grotesque@5.3.0 && tar xzf fontsource-bricolage-grotesque-5.3.0.tgz
    pip install fonttools brotli
    python docs/face.py package/files/bricolage-grotesque-latin-700-normal.woff2
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

TARGET = Path(__file__).resolve().parents[1] / "static" / "type" / "bricolage.woff2"
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "ÁÉÍÑÓÚÜáéíñóúü¿¡«»“”‘’–·…\N{NO-BREAK SPACE}\N{WORD JOINER}"


def main() -> None:
    options = Options(flavor="woff2", layout_features=["kern", "liga", "mark", "ccmp"], hinting=False)
    font = load_font(sys.argv[1], options)
    subsetter = Subsetter(options)
    subsetter.populate(text=LETTERS)
    subsetter.subset(font)
    save_font(font, str(TARGET), options)


if __name__ == "__main__":
    main()
