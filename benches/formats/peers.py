#!/usr/bin/env python3
"""peers.py FORMAT FILE...: read the files with the Python library that users of the format have.

Prints the library's name and the best time in seconds; nothing if there is no library for the format here.
"""
import json
import sys
import time


def lines(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [json.loads(line) for line in file if line.strip()]


def with_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def with_conllu(path):
    import conllu
    with open(path, encoding="utf-8") as file:
        return conllu.parse(file.read())


def with_spacy(path):
    import spacy
    from spacy.tokens import DocBin
    return list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))


def with_cassis(path):
    import cassis
    with open(path, "rb") as file:
        return cassis.load_cas_from_json(file) if path.endswith(".json") else cassis.load_cas_from_xmi(file, lenient=True)


def with_bioc(path):
    from bioc import brat
    if path.endswith(".ann"):
        with open(path[:-3] + "txt", encoding="utf-8", newline="") as text, open(path, encoding="utf-8") as ann:
            return brat.load(text, ann)


def with_arrow(path):
    import pyarrow.parquet
    if path.endswith(".parquet"):
        return pyarrow.parquet.read_table(path).to_pylist()


def with_tei(path):
    from lxml import etree
    return etree.parse(path)


PEERS = {
    "brat": ("bioc", with_bioc),
    "hf": ("pyarrow", with_arrow),
    "w3c": ("json", lines),
    "dygie": ("json", lines),
    "oneie": ("json", lines),
    "rams": ("json", lines),
    "pubannotation": ("json", with_json),
    "json": ("json", with_json),
    "jsonl": ("json", lines),
    "conllu": ("conllu", with_conllu),
    "spacy": ("spacy", with_spacy),
    "prodigy": ("json", lines),
    "doccano": ("json", lines),
    "labelstudio": ("json", with_json),
    "cas-json": ("dkpro-cassis", with_cassis),
    "xmi": ("dkpro-cassis", with_cassis),
    "tei": ("lxml", with_tei),
}


def main():
    name, read = PEERS.get(sys.argv[1], (None, None))
    if name is None:
        return
    best = None
    for _ in range(3):
        start = time.perf_counter()
        for path in sys.argv[2:]:
            read(path)
        spent = time.perf_counter() - start
        best = spent if best is None else min(best, spent)
    print(name, best)


main()
