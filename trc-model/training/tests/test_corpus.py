import contextlib
import io
import lzma
import tempfile
import unittest
from pathlib import Path

from trctrain import KitError
from trctrain.config import Category
from trctrain.corpus import (LONGEST, SEPARATOR, dress, pieces, raw, read, write_excerpts,
                             write_held_out, write_subset)
from trctrain.holdout import HoldOut, Judges, chosen, digest

TEXTS = [f"Document number {i} speaks of nothing else than itself, {i}.\n" for i in range(600)]


class CorpusTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.corpus = Path(folder.name)
        with lzma.open(self.corpus / "books.txt.xz", "wt", encoding="utf-8") as file:
            file.write(f"{SEPARATOR}\n".join(TEXTS))

    def test_documents_are_split_at_separators(self) -> None:
        self.assertEqual(TEXTS, list(raw(self.corpus, Category("books"))))

    def test_no_held_out_document_is_trained_on_and_none_is_lost(self) -> None:
        documents = read(self.corpus, Category("books"), HoldOut())
        self.assertGreater(len(documents.held_out), 0)
        self.assertTrue(all(chosen(digest(d)) for d in documents.held_out))
        self.assertFalse(any(chosen(digest(d)) for d in documents.train))
        self.assertEqual(sorted(TEXTS), sorted(documents.train + documents.held_out))

    def test_a_document_of_the_judges_is_not_trained_on(self) -> None:
        judge = read(self.corpus, Category("books"), HoldOut()).train[0] * 20
        (self.corpus / "books").mkdir()
        (self.corpus / "books" / "more.txt").write_text(judge)
        rule = HoldOut(Judges([judge]))
        self.assertNotIn(judge, read(self.corpus, Category("books"), rule).train)

    def test_a_document_is_taken_once(self) -> None:
        (self.corpus / "books").mkdir()
        (self.corpus / "books" / "again.txt").write_text(TEXTS[5].replace("\n", "\r\n"))
        documents = read(self.corpus, Category("books"), HoldOut())
        self.assertEqual(600, len(documents.train) + len(documents.held_out))

    def test_a_cap_takes_the_same_documents_from_a_subset(self) -> None:
        category = Category("books", megabytes=0.01)
        taken = read(self.corpus, category, HoldOut())
        self.assertLess(len(taken.train), 200)
        self.assertEqual(read(self.corpus, Category("books"), HoldOut()).held_out, taken.held_out)
        with contextlib.redirect_stdout(io.StringIO()):
            write_subset(self.corpus, (category,), self.corpus / "subset")
        self.assertEqual(taken, read(self.corpus / "subset", category, HoldOut()))

    def test_held_out_documents_are_written_within_the_limit(self) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            write_held_out(self.corpus, (Category("books"),), HoldOut(), self.corpus / "judge", 200)
        documents = (self.corpus / "judge" / "books" / "01.txt").read_text().split("\n\n")
        self.assertEqual("", documents.pop())
        self.assertEqual(3, len(documents))
        self.assertTrue(all(chosen(digest(document)) for document in documents))

    def test_excerpts_are_of_held_out_documents_that_no_judge_shares(self) -> None:
        held_out = read(self.corpus, Category("books"), HoldOut()).held_out
        judges = Judges([held_out[0] * 20])
        categories = (Category("books"), Category("poems"))
        with contextlib.redirect_stdout(io.StringIO()):
            write_excerpts(self.corpus, categories, judges, self.corpus / "a", (30, 60),
                           (45,), 6, 1)
            write_excerpts(self.corpus, categories, judges, self.corpus / "b", (30, 60),
                           (45,), 6, 1)
        texts, again = ([p.read_text() for p in sorted((self.corpus / folder / "books").iterdir())]
                        for folder in "ab")
        self.assertEqual(18, len(texts))
        self.assertEqual(texts, again)
        foreign = texts[2::3]
        del texts[2::3]
        self.assertTrue(all(any(text in d for d in held_out[1:]) for text in texts))
        self.assertFalse(any(text in d for d in held_out for text in foreign))
        self.assertFalse(any(text in held_out[0] for text in texts))

    def test_long_documents_are_cut_at_line_ends(self) -> None:
        document = "".join(f"line {i}\n" for i in range(30_000))
        parts = list(pieces(document))
        self.assertEqual(document, "".join(parts))
        self.assertTrue(all(len(p) <= LONGEST and p.endswith("\n") for p in parts))

    def test_a_wrapped_document_keeps_its_words(self) -> None:
        category = Category("books", wrapped=1.0)
        document = "word " * 100 + "\n\n" + "another " * 50 + "\n"
        dressed = dress(document, category)
        self.assertEqual(document.split(), dressed.split())
        self.assertLessEqual(max(map(len, dressed.splitlines())), 80)
        self.assertEqual(dressed, dress(document, category))

    def test_crlf_and_ascii_dress(self) -> None:
        category = Category("books", crlf=1.0, ascii=1.0)
        self.assertEqual("\"no\"\r\n-- 'yes'...\r\n",
                         dress("\u201cno\u201d\n\u2014 \u2018yes\u2019\u2026\n", category))

    def test_dresses_of_a_document_differ(self) -> None:
        category = Category("books", wrapped=0.5, crlf=0.2, ascii=0.5)
        document = "\u201cword\u201d " * 100 + "\n"
        dresses = {dress(document, category, number) for number in range(12)}
        self.assertGreater(len(dresses), 3)
        self.assertEqual(dress(document, category), dress(document, category, 0))
        self.assertEqual(dress(document, category, 3), dress(document, category, 3))

    def test_files_that_fit_a_pattern_are_documents(self) -> None:
        (self.corpus / "a/b").mkdir(parents=True)
        (self.corpus / ".git").mkdir()
        (self.corpus / "a/b/C.java").write_text("class C {}\n")
        (self.corpus / "a/README.md").write_text("# A\n")
        (self.corpus / "a/latin.md").write_bytes(b"caf\xe9\n")
        (self.corpus / "a/picture.png").write_bytes(b"PNG")
        (self.corpus / ".git/HEAD.md").write_text("no\n")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            found = list(raw(self.corpus, Category("mine", files="*.java *.md")))
        self.assertEqual(["# A\n", "class C {}\n"], found)
        self.assertIn("latin.md is not UTF-8", said.getvalue())

    def test_a_pattern_that_nothing_fits_is_named(self) -> None:
        with self.assertRaisesRegex(KitError, "[*].tex"):
            list(raw(self.corpus, Category("mine", files="*.tex")))

    def test_a_missing_category_is_named(self) -> None:
        with self.assertRaisesRegex(KitError, "poems"):
            list(raw(self.corpus, Category("poems")))
