import unittest
from pathlib import Path

from trctrain import KitError
from trctrain.manifest import Source, licences, load, parse

MANIFEST = Path(__file__).parents[1] / "MANIFEST.tsv"
HEAD = "category\tsource\tcommit_or_version\tlicence\tbytes\n"


class ManifestTest(unittest.TestCase):
    def test_the_projects_manifest_is_complete(self) -> None:
        sources = load(MANIFEST)
        self.assertEqual(1249, len(sources))
        self.assertEqual({"books", "books2", "books3", "code", "data", "data2", "dialogue", "docs",
                          "encyclopaedic", "english", "logs", "logs2", "markup", "misc",
                          "multilingual", "web"}, {source.category for source in sources})
        self.assertEqual(807_095_802, sum(source.bytes for source in sources))

    def test_no_source_has_a_licence_that_forbids_commerce_or_binds_derivatives(self) -> None:
        for source in load(MANIFEST):
            granted = source.licence.partition("newest commit")[0]  # a remark on later versions
            for word in ("NC", "ND", "SA", "GPL", "GFDL"):
                self.assertNotRegex(granted, rf"\b{word}\b", source)

    def test_kinds_and_packages(self) -> None:
        for name, kind, package in (
                ("maven:org.slf4j:slf4j-api:2.0.11", "maven", "org.slf4j:slf4j-api:2.0.11"),
                ("npm:@types/node", "npm", "@types/node"),
                ("npm:caniuse-db (converted to YAML)", "other",
                 "npm:caniuse-db (converted to YAML)"),
                ("debian:sqlite3-doc", "debian", "sqlite3-doc"),
                ("debian-source:zlib", "debian-source", "zlib"),
                ("google/tasks:TM-3/splits", "github", "google/tasks"),
                ("mvn -X output", "other", "mvn -X output")):
            with self.subTest(name):
                source = Source("code", name, "1", "MIT", 1)
                self.assertEqual((kind, package), (source.kind, source.package))

    def test_versions_are_unquoted(self) -> None:
        self.assertEqual("3:3.2", parse(HEAD + "docs\tdebian:x\t3%3a3.2\tBSD\t7\n")[0].version)

    def test_bad_lines_are_named(self) -> None:
        for line in ("docs\tx\t1\tMIT", "docs\tx\t1\tMIT\tmany", "docs\tx\t1\t\t5"):
            with self.subTest(line), self.assertRaisesRegex(KitError, "line 2"):
                parse(HEAD + line)
        with self.assertRaises(KitError):
            parse("")

    def test_licences_are_summed_by_category(self) -> None:
        rows = "docs\ta\t1\tMIT\t1000000\ndocs\ta\t1\tBSD\t3000000\ndocs\tb\t1\tMIT\t500000\n"
        self.assertIn("| docs | 2 | 4.5 | BSD (3.0); MIT (1.5) |", licences(parse(HEAD + rows)))
