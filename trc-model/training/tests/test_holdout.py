import random
import unittest

from trctrain.holdout import HoldOut, Judges, chosen, digest


def words(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices("abcdefgh", k=5)) for _ in range(count)]


class HoldOutTest(unittest.TestCase):
    def test_the_rule_keeps_out_about_one_document_in_64(self) -> None:
        kept_out = sum(chosen(digest(f"document {i}")) for i in range(16_000))
        self.assertTrue(200 < kept_out < 300, kept_out)

    def test_the_rule_never_changes(self) -> None:
        first = [i for i in range(300) if HoldOut().keeps_out(f"document {i}")]
        self.assertEqual([21, 22, 55, 80, 94, 116], first)

    def test_line_ends_do_not_matter(self) -> None:
        self.assertEqual(digest("a\nb\n"), digest("\r\na\r\nb"))

    def test_a_document_that_contains_a_judge_is_kept_out_however_wrapped(self) -> None:
        judge = words(1, 400)
        document = words(2, 10_000) + judge + words(3, 5_000)
        rule = Judges(["other " * 50, " ".join(judge)])
        self.assertTrue(rule.share("\r\n".join(document)))
        self.assertFalse(rule.share(" ".join(words(4, 10_000))))

    def test_a_chapter_of_a_judging_book_is_kept_out(self) -> None:
        book = words(5, 50_000)
        self.assertTrue(Judges([" ".join(book)]).share("\n".join(book[7_003:7_300])))

    def test_a_shared_licence_header_alone_keeps_nothing_out(self) -> None:
        header = words(6, 40)
        judge = " ".join(header + words(7, 1_000))
        self.assertFalse(Judges([judge]).share(" ".join(header + words(8, 1_000))))

    def test_both_rules_act(self) -> None:
        judge = " ".join(words(9, 300))
        self.assertTrue(HoldOut(Judges([judge])).keeps_out(judge))
