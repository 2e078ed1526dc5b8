"""XMP, what a PDF tells of itself (ISO 16684-1): adding properties, and reading them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
# PDF/A asks for these prefixes.
_PREFIXES = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}


@dataclass(frozen=True, slots=True)
class Schema:
    """Properties that PDF/A does not know by itself: each with its type and what it says."""

    prefix: str
    uri: str
    title: str
    properties: Mapping[str, tuple[str, str]]


def with_properties(metadata: bytes, schema: Schema, values: Mapping[str, str]) -> bytes:
    """Give metadata with the values of a schema's properties added, and what they mean.

    PDF/A wants every schema described, all of them in one bag (ISO 19005-2, 6.6.2.3).
    """
    tree = etree.fromstring(metadata)
    (rdf,) = tree.iter(f"{{{_RDF}}}RDF")
    description = _one_description(rdf, {schema.prefix: schema.uri, **_PREFIXES})
    for name in schema.properties:
        description.set(f"{{{schema.uri}}}{name}", values[name])
    schemas = description.find(f"{{{_EXTENSION}}}schemas")
    if schemas is None:
        schemas = etree.SubElement(description, f"{{{_EXTENSION}}}schemas")
        etree.SubElement(schemas, f"{{{_RDF}}}Bag")
    _describe(schemas[0], schema)
    return etree.tostring(tree.getroottree(), encoding="UTF-8", xml_declaration=False)


def _one_description(rdf: etree._Element, prefixes: Mapping[str, str]) -> etree._Element:
    """Join all descriptions into one: metadata is stored uncompressed, and must stay small."""
    parts = list(rdf)
    used = {prefix: uri for part in parts for prefix, uri in part.nsmap.items() if prefix}
    description = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap={**used, **prefixes})
    for part in parts:
        for name, value in part.attrib.items():
            description.set(name, value)
        description.extend(part)
        rdf.remove(part)
    return description


def _describe(bag: etree._Element, schema: Schema) -> None:
    """Say what a schema's properties mean."""
    item = etree.SubElement(bag, f"{{{_RDF}}}li")
    item.set(f"{{{_RDF}}}parseType", "Resource")
    etree.SubElement(item, f"{{{_SCHEMA}}}schema").text = schema.title
    etree.SubElement(item, f"{{{_SCHEMA}}}namespaceURI").text = schema.uri
    etree.SubElement(item, f"{{{_SCHEMA}}}prefix").text = schema.prefix
    properties = etree.SubElement(item, f"{{{_SCHEMA}}}property")
    sequence = etree.SubElement(properties, f"{{{_RDF}}}Seq")
    for name, (kind, meaning) in schema.properties.items():
        told = {"name": name, "valueType": kind, "category": "internal", "description": meaning}
        values = {f"{{{_PROPERTY}}}{key}": value for key, value in told.items()}
        etree.SubElement(sequence, f"{{{_RDF}}}li", values)


def properties_in(metadata: bytes) -> dict[str, str]:
    """Give the properties of metadata, by `{uri}name`, written as attributes or as elements.

    Raises etree.XMLSyntaxError for what is no XML.
    """
    tree = etree.fromstring(metadata, etree.XMLParser(resolve_entities=False, no_network=True))
    properties: dict[str, str] = {}
    for description in tree.iter(f"{{{_RDF}}}Description"):
        properties |= {str(name): str(value) for name, value in description.attrib.items()}
        for item in description:
            if isinstance(item.tag, str):
                properties[item.tag] = "".join(map(str, item.itertext())).strip()
    return properties
