#!/usr/bin/env python3
"""Compares exports, as the libraries of their users read them, with the native file that they were made from.

    against_native.py --dataset FOLDER      a folder of train and test for datasets.load_dataset
    against_native.py ROOT                  ROOT/native/doc.ron and the exports beside it, in the layout of the clients' samples

Formats that count characters must have every mention with its exact place and words. Formats that count tokens may have
fewer (the loss report says which), but no other label and no other words. Prints a line per format, counts of events and
arguments included; exit code 1 if any is wrong.
"""
import collections
import json
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"

Counter = collections.Counter


def squeezed(words):
    return "".join(words.split())


class Native:
    """What the native file says, read by a library that is not ours."""

    def __init__(self, path):
        import pyron

        file = pyron.load(path, preserve_structs=False)
        assert file["offsets"] == "codepoint", file["offsets"]
        self.text = file["document"]["text"]
        self.file = file
        for list_of in ("mentions", "events", "quotes"):
            for annotation in file[list_of]:
                for field in ("spans", "trigger", "content", "cue"):
                    for span in annotation.get(field) or []:
                        assert self.text[span["start"]:span["end"]] == span["text"], (annotation["id"], span)
        self.spans = {m["id"]: [(s["start"], s["end"]) for s in m["spans"]] for m in file["mentions"]}
        self.labels = {m["id"]: m["label"] for m in file["mentions"]}
        # Places of whole mentions and of their parts, since formats differ in what they make of parts.
        self.places = Counter((self.labels[i], tuple(spans)) for i, spans in self.spans.items())
        self.words = Counter((self.labels[i], self.at(spans)) for i, spans in self.spans.items())
        covers = Counter()
        for i, spans in self.spans.items():
            covers[(self.labels[i], squeezed(self.text[spans[0][0]:spans[-1][1]]))] += len(spans) > 1
            if len(spans) > 1:
                covers.update((self.labels[i], self.at([span])) for span in spans)
        self.parts = self.words + covers
        # Triggers of several parts are written as what they cover where a format knows no parts.
        self.events = Counter((e["type"], self.at_spans(e["trigger"])) for e in file["events"])
        self.covers = {(e["type"].lower(), self.at([(e["trigger"][0]["start"], e["trigger"][-1]["end"])])) for e in file["events"]}

    def at(self, spans):
        return squeezed("".join(self.text[start:end] for start, end in spans))

    def at_spans(self, spans):
        return self.at([(s["start"], s["end"]) for s in spans])


# --- one function per format: mentions as a Counter of (label, spans) or of (label, words), and events -------------------


def brat(native, path):
    from bioc import brat as library

    with open(path[:-3] + "txt", encoding="utf-8", newline="") as text, open(path, encoding="utf-8") as ann:
        document = library.load(text, ann)
    labels = set(native.labels.values())
    places = Counter()
    for entity in document.entities:
        spans = tuple((part.begin, part.end) for part in sorted(entity.locations))
        if entity.type in labels:
            places[(entity.type, spans)] += 1
    return places, None


def cas(native, path):
    import cassis

    if path.endswith(".json"):
        with open(path, "rb") as file:
            loaded = cassis.load_cas_from_json(file)
    else:
        with open(os.path.join(os.path.dirname(path), "typesystem.xml"), "rb") as file:
            types = cassis.load_typesystem(file)
        with open(path, "rb") as file:
            loaded = cassis.load_cas_from_xmi(file, typesystem=types)
    assert loaded.sofa_string == native.text
    places = Counter()
    for entity in loaded.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"):
        if entity.value is None:
            continue
        parts = getattr(entity, "parts", None)
        spans = [(entity.begin, entity.end)]
        if parts is not None and getattr(parts, "elements", None):
            spans = [(link.target.begin, link.target.end) for link in parts.elements]
            if (entity.begin, entity.end) not in spans and (entity.begin, entity.end) != (spans[0][0], spans[-1][1]):
                spans.insert(0, (entity.begin, entity.end))
        places[(entity.value, tuple(sorted(spans)))] += 1
    return places, None


def conll(native, path):
    from seqeval.metrics.sequence_labeling import get_entities

    tags, tokens = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("-DOCSTART-"):
                continue
            cells = line.split("\t" if "\t" in line else " ")
            tokens.append(cells[0])
            tags.append(cells[-1] if line else "O")
    from_biluo = {"L": "E", "U": "S"}
    if "biluo" in path:
        tags = [from_biluo.get(tag[0], tag[0]) + tag[1:] for tag in tags]
    words = Counter((label, "".join(tokens[first:last + 1])) for label, first, last in get_entities(tags))
    return words, None


def conllu(native, path):
    import conllu as library
    from seqeval.metrics.sequence_labeling import get_entities

    words = Counter()
    with open(path, encoding="utf-8") as file:
        text = file.read()
    fields = None
    if text.startswith("# global.columns"):
        fields = [name.strip().lower() for name in text.split("\n", 1)[0].split("=", 1)[1].split()]
    for sentence in library.parse(text, fields=fields):
        tags = [
            token.get("manicule:ne") or token.get("parseme:ne") or (token.get("misc") or {}).get("NER") or "O"
            if isinstance(token["id"], int) else None
            for token in sentence
        ]
        pairs = [(tag if tag not in ("_", "*") else "O", token) for tag, token in zip(tags, sentence) if tag is not None]
        for label, first, last in get_entities([tag for tag, _ in pairs]):
            words[(label, "".join(token["form"] for _, token in pairs[first:last + 1]))] += 1
    return words, None


def spacy(native, path):
    import spacy as library
    from spacy.tokens import DocBin

    nlp = library.blank("xx")
    places = Counter()
    for document in DocBin().from_disk(path).get_docs(nlp.vocab):
        assert document.text == native.text, "the text differs"
        found = {(e.label_, ((e.start_char, e.end_char),)) for e in document.ents}
        known = Counter(found)
        for group in document.spans.values():
            here = Counter((s.label_, ((s.start_char, s.end_char),)) for s in group)
            known |= here
        places += known
    words = Counter()
    for (label, spans), count in places.items():
        words[(label, native.at(spans))] += count
    return words, None


def w3c(native, path):
    places = Counter()
    with open(path, encoding="utf-8") as file:
        for annotation in map(json.loads, file):
            labels = [b.get("value") for b in annotation["body"] if b.get("purpose") == "tagging"]
            targets = annotation["target"] if isinstance(annotation["target"], list) else [annotation["target"]]
            spans = []
            for target in targets:
                for selector in target.get("selector", []):
                    if selector["type"] == "TextPositionSelector":
                        spans.append((selector["start"], selector["end"]))
            if labels and annotation["id"].removeprefix("urn:ann:") in native.spans:
                places[(labels[0], tuple(spans))] += 1
    return places, None


def tei(native, path):
    import lxml.etree as etree

    space = "{http://www.tei-c.org/ns/1.0}"
    identifier = "{http://www.w3.org/XML/1998/namespace}id"
    words = Counter()
    for element in etree.parse(path).iterfind(f".//{space}body//*[@type]"):
        if element.get(identifier) in native.spans:
            words[(element.get("type"), squeezed("".join(element.itertext())))] += 1
    return words, None


def hf(native, path):
    import datasets

    datasets.disable_progress_bars()
    kind = "parquet" if path.endswith(".parquet") else "json"
    rows = datasets.load_dataset(kind, data_files={"train": path}, split="train", cache_dir=tempfile.mkdtemp())
    feature = rows.features["ner_tags"]
    names = getattr(getattr(feature, "feature", None), "names", None)
    from seqeval.metrics.sequence_labeling import get_entities

    words = Counter()
    for row in rows:
        tags = [names[tag] if names else tag for tag in row["ner_tags"]]
        for label, first, last in get_entities(tags):
            words[(label, "".join(row["tokens"][first:last + 1]))] += 1
    return words, None


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def dygie(native, path):
    words, events = Counter(), Counter()
    for document in lines(path):
        tokens = [token for sentence in document["sentences"] for token in sentence]
        at = lambda first, last: "".join(squeezed(token) for token in tokens[first:last + 1])
        for sentence in document.get("ner", []):
            words.update((label, at(first, last)) for first, last, label in sentence)
        for sentence in document.get("events", []):
            for event in sentence:
                trigger = event[0]
                events[(trigger[-1], at(trigger[0], trigger[1] if len(trigger) > 2 else trigger[0]))] += 1
    return words, events


def oneie(native, path):
    words, events = Counter(), Counter()
    for row in lines(path):
        at = lambda piece: "".join(squeezed(token) for token in row["tokens"][piece["start"]:piece["end"]])
        words.update((entity["entity_type"], at(entity)) for entity in row["entity_mentions"])
        events.update((event["event_type"], at(event["trigger"])) for event in row["event_mentions"])
    return words, events


def rams(native, path):
    events = Counter()
    for row in lines(path):
        tokens = [token for sentence in row["sentences"] for token in sentence]
        for first, last, types in row["evt_triggers"]:
            events[(types[0][0], "".join(squeezed(token) for token in tokens[first:last + 1]))] += 1
    return None, events


def gliner(native, path):
    words = Counter()
    with open(path, encoding="utf-8") as file:
        for row in json.load(file):
            at = lambda first, last: "".join(squeezed(token) for token in row["tokenized_text"][first:last + 1])
            words.update((label, at(first, last)) for first, last, label in row["ner"])
    return words, None


def gliner2(native, path):
    words, events = Counter(), Counter()
    for row in lines(path):
        for label, places in row["output"]["entities"].items():
            for place in places:
                assert row["input"][place["start"]:place["end"]] == place["text"], place
                words[(label, squeezed(place["text"]))] += 1
        for structure in row["output"].get("json_structures", []):
            for kind, fields in structure.items():
                if "trigger" in fields:
                    events[(kind, squeezed(fields["trigger"]["text"]))] += 1
    return words, events


def labelstudio(native, path):
    places = Counter()
    with open(path, encoding="utf-8") as file:
        for task in json.load(file):
            assert task["data"]["text"] == native.text, "the text differs"
            for result in task["annotations"][0]["result"]:
                if result["type"] == "labels" and result["value"]["labels"][0] in native.labels.values():
                    value = result["value"]
                    places[(value["labels"][0], ((value["start"], value["end"]),))] += 1
    return places, None


def doccano(native, path):
    places = Counter()
    for row in lines(path):
        assert native.text.startswith(row["text"]), "the text differs"
        for entity in row["entities"]:
            if entity["label"] in native.labels.values():
                places[(entity["label"], ((entity["start_offset"], entity["end_offset"]),))] += 1
    return places, None


def prodigy(native, path):
    places = Counter()
    for row in lines(path):
        for span in row["spans"]:
            if span["label"] in native.labels.values():
                places[(span["label"], ((span["start"], span["end"]),))] += 1
    return places, None


def pubannotation(native, path):
    places = Counter()
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for one in document["denotations"]:
        spans = one["span"] if isinstance(one["span"], list) else [one["span"]]
        if one["obj"] in native.labels.values():
            places[(one["obj"], tuple((span["begin"], span["end"]) for span in spans))] += 1
    return places, None


# Where a format has all mentions, and where; `parts`: discontinuous ones may come in parts or as what they cover.
WHOLE, PARTS, SOME = "every mention at its place", "every mention, parts of some", "some mentions, by their words"
CHECKS = [
    ("brat/doc.ann", brat, WHOLE),
    ("uima/doc.json", cas, WHOLE),
    ("uima/doc.xmi", cas, WHOLE),
    ("conll/doc.bio.tsv", conll, SOME),
    ("conll/doc.biluo.tsv", conll, SOME),
    ("conll/doc.conll2003.txt", conll, SOME),
    ("conllu/doc.conllu", conllu, SOME),
    ("conllu/doc.conllup", conllu, SOME),
    ("spacy/doc.spacy", spacy, SOME),
    ("w3c/doc.jsonl", w3c, WHOLE),
    ("tei/doc.xml", tei, SOME),
    ("hf/doc.jsonl", hf, SOME),
    ("hf/own.parquet", hf, SOME),
    ("events/doc.dygie.jsonl", dygie, SOME),
    ("events/doc.oneie.jsonl", oneie, SOME),
    ("events/doc.wikievents.jsonl", oneie, SOME),
    ("events/doc.rams.jsonl", rams, SOME),
    ("gliner/doc.json", gliner, SOME),
    ("gliner/doc.gliner2.jsonl", gliner2, SOME),
    ("labelstudio/doc.json", labelstudio, PARTS),
    ("doccano/rel.jsonl", doccano, PARTS),
    ("prodigy/doc.jsonl", prodigy, PARTS),
    ("pubannotation/doc.json", pubannotation, WHOLE),
]


def compare(native, name, check, extent, path):
    """What is wrong, and what was found."""
    mentions, events = check(native, path)
    wrong, told = [], []
    if mentions is not None:
        told.append(f"{sum(mentions.values())} of {sum(native.words.values())} mentions")
        if extent == WHOLE:
            wrong += [f"missing {m}" for m in native.places - mentions] + [f"more {m}" for m in mentions - native.places]
        elif extent == PARTS:
            words = Counter()
            for (label, spans), count in mentions.items():
                words[(label, native.at(spans))] += count
            single = Counter({p: c for p, c in native.places.items() if len(p[1]) == 1})
            wrong += [f"missing {m}" for m in single - mentions] + [f"more {m}" for m in words - native.parts]
        else:
            # Ends that lie inside a token are moved to its edge.
            moved = [m for m in mentions - native.parts if any(m[0] == k[0] and k[1] in m[1] for k in native.words)]
            told.append(f"{len(moved)} moved to the edges of tokens" if moved else "")
            wrong += [f"more {m}" for m in mentions - native.parts if m not in moved]
            if not mentions:
                wrong.append("no mention at all")
    if events is not None:
        # A trigger of one token stands for the whole, and names of types may be in small letters.
        known = Counter()
        for (kind, words), count in native.events.items():
            known[(kind.lower(), words)] += count
        for (kind, words), count in events.items():
            kind = kind.lower().removesuffix(".n/a").removesuffix(".n/a")
            fitting = [k for k in known if k[0] == kind and (k[1] == words or k[1].startswith(words) or k[1].endswith(words))]
            if not fitting and (kind, words) not in native.covers:
                wrong.append(f"more event {(kind, words)}")
        told.append(f"{sum(events.values())} of {sum(native.events.values())} events")
    return wrong, ", ".join(filter(None, told))


def dataset(folder):
    """Loads a folder of train and test as its user would, and looks at the names of the tags."""
    import datasets

    datasets.disable_progress_bars()
    parts = datasets.load_dataset(folder, cache_dir=tempfile.mkdtemp())
    names = [parts[name].features["ner_tags"].feature.names for name in parts]
    assert set(parts) == {"train", "test"} and all(one == names[0] for one in names), parts
    rows = {name: len(part) for name, part in parts.items()}
    assert all(rows.values()), rows
    for part in parts.values():
        for row in part:
            assert len(row["tokens"]) == len(row["ner_tags"])
            for entity in row["entities"]:
                assert 0 <= entity["start"] < entity["end"] <= len(row["text"])
    print(f"== dataset: rows {rows}, {len(names[0])} tags, the same in all parts")


def main():
    if sys.argv[1] == "--dataset":
        return dataset(sys.argv[2])
    root = sys.argv[1]
    native = Native(os.path.join(root, "native", "doc.ron"))
    print(f"== native: {sum(native.words.values())} mentions, {sum(native.events.values())} events, offsets and words agree")
    failed = False
    for name, check, extent in CHECKS:
        path = os.path.join(root, name)
        if not os.path.exists(path):
            continue
        try:
            wrong, told = compare(native, name, check, extent, path)
        except Exception as error:  # A client that cannot read the file is what we look for.
            wrong, told = [f"{type(error).__name__}: {error}"], "not read"
        print(f"== {name}: {told}, {extent}" + (f": WRONG {len(wrong)}" if wrong else ""))
        for line in wrong[:5]:
            print(f"     {line}")
        failed |= bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
