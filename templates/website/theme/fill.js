// Fills the details of a clinic into a form of this site, and locks them; a module of its own, which
// scripts/7-details.js loads when the first sheet is opened with details.
//
// All is appended to the bytes of the form (ISO 32000-1, 7.5.6): its pages, its tags and what it
// says of itself stay byte for byte, and `build.py verify` sees that.
import { PDFDocument, PDFHexString, PDFName, PDFNumber, decodePDFRawStream } from "./pdf-lib/pdf-lib.esm.min.js";

const READ_ONLY = 1; // ISO 32000-1, table 221
const MARGIN = 2; // points, between the end of a line and the letters on it
const ABOVE_LINE = 0.25; // how far letters stand above the line, beside their size
const NARROWEST = 0.75; // letters are drawn so narrow at most, beside their own width

// Scripts whose letters stand one after the other from left to right, each in one shape. Others
// need a typesetter, which no field has.
const PLAIN = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]/u;

// Why a detail cannot stand on a sheet: `letters` (signs names those that are missing) or `long`.
export class Unfit extends Error {
  constructor(why, field, signs = "") {
    super(why);
    Object.assign(this, { why, field, signs });
  }
}

const key = PDFName.of;

// Give the code and the width (in thousandths of the size) of each letter of a font.
const lettersOf = (font) => {
  const inner = font.lookup(key("DescendantFonts")).lookup(0);
  const list = inner.lookup(key("W")).asArray(), widths = new Map();
  for (let at = 0; at < list.length;) {
    const start = list[at].asNumber(), next = list[at + 1];
    if (next.asArray) {
      next.asArray().forEach((width, place) => widths.set(start + place, width.asNumber()));
      at += 2;
    } else {
      for (let code = start; code <= next.asNumber(); code++) widths.set(code, list[at + 2].asNumber());
      at += 3;
    }
  }
  const usual = inner.lookup(key("DW"))?.asNumber() ?? 1000;
  const map = new TextDecoder("latin1").decode(decodePDFRawStream(font.lookup(key("ToUnicode"))).decode());
  const letters = new Map();
  for (const [, part] of map.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
    for (const [, code, text] of part.matchAll(/<(\w{4})>\s*<(\w{4})>/g)) {
      const letter = String.fromCharCode(parseInt(text, 16)), number = parseInt(code, 16);
      if (!letters.has(letter)) letters.set(letter, { code, width: widths.get(number) ?? usual });
    }
  }
  return letters;
};

// Draw a text into a place of its field; give what a reader shows there.
const drawn = (doc, widget, field, text, { name, font, letters, size, isRtl }) => {
  const { width, height } = widget.getRectangle();
  const glyphs = [...text].map((letter) => letters.get(letter));
  const needed = glyphs.reduce((sum, glyph) => sum + glyph.width, 0) / 1000 * size;
  const narrow = Math.min(1, (width - 2 * MARGIN) / needed);
  if (narrow < NARROWEST) throw new Unfit("long", field);
  const left = isRtl ? width - MARGIN - needed * narrow : MARGIN;
  const codes = glyphs.map((glyph) => glyph.code).join("");
  const lines = [
    "/Tx BMC q BT 0 g",
    `/${name} ${size} Tf ${Math.floor(narrow * 100)} Tz`,
    `${left.toFixed(2)} ${(size * ABOVE_LINE).toFixed(2)} Td <${codes}> Tj`,
    "ET Q EMC",
  ];
  return doc.context.register(doc.context.flateStream(lines.join("\n"), {
    Type: "XObject",
    Subtype: "Form",
    BBox: [0, 0, width, height],
    Resources: { Font: { [name]: font } },
  }));
};

// Give a form (PDF, as bytes) with the details of a clinic, by the names of their fields. What the
// form has no field for is left out. isRtl: its lines start at the right. Throws Unfit.
export const fill = async (pdf, details, isRtl) => {
  const doc = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false });
  const fonts = doc.catalog.lookup(key("AcroForm")).lookup(key("DR")).lookup(key("Font"));
  const known = new Map();
  for (const field of doc.getForm().getFields()) {
    const text = details.get(field.getName());
    if (!text) continue;
    const { acroField } = field;
    const [, name, size] = /\/(\S+) ([\d.]+) Tf/.exec(acroField.getDefaultAppearance());
    const font = fonts.get(key(name));
    if (!known.has(name)) known.set(name, lettersOf(fonts.lookup(key(name))));
    const letters = known.get(name);
    const missing = [...text].filter((letter) => !letters.has(letter) || !PLAIN.test(letter));
    if (missing.length) throw new Unfit("letters", field.getName(), [...new Set(missing)].join(" "));
    for (const widget of acroField.getWidgets()) {
      const style = { name, font, letters, size: Number(size), isRtl };
      const look = drawn(doc, widget, field.getName(), text, style);
      widget.dict.set(key("AP"), doc.context.obj({ N: look }));
    }
    acroField.dict.set(key("V"), PDFHexString.fromText(text));
    acroField.dict.set(key("Ff"), PDFNumber.of(acroField.getFlags() | READ_ONLY));
  }
  return doc.save({ updateFieldAppearances: false, addDefaultPage: false });
};
