import io
import tarfile
import unittest
import zipfile

from trctrain.collect import LONGEST_LINE, documents, html_text, tarballs, url
from trctrain.manifest import Source


def source(name: str, version: str = "1.2") -> Source:
    return Source("code", name, version, "MIT", 1)


class CollectTest(unittest.TestCase):
    def test_addresses(self) -> None:
        self.assertEqual("https://repo1.maven.org/maven2/org/slf4j/slf4j-api/2.0.11/"
                         "slf4j-api-2.0.11-sources.jar",
                         url(source("maven:org.slf4j:slf4j-api:2.0.11")))
        self.assertEqual("https://repo1.maven.org/maven2/org/jsoup/jsoup/1.17.2/"
                         "jsoup-1.17.2-javadoc.jar",
                         url(source("maven:org.jsoup:jsoup:1.17.2:javadoc")))
        self.assertEqual("https://registry.npmjs.org/@types/node/-/node-1.2.tgz",
                         url(source("npm:@types/node")))
        self.assertIn("https://deb.debian.org/debian/pool/main/libp/libpng1.6/"
                      "libpng1.6_1.2.orig.tar.xz", tarballs(source("debian-source:libpng1.6")))

    def test_a_jar_gives_its_texts_of_the_kind(self) -> None:
        jar = io.BytesIO()
        with zipfile.ZipFile(jar, "w") as file:
            file.writestr("a/B.java", "class B {}\n")
            file.writestr("a/same/B.java", "class B {}\r\n")
            file.writestr("a/wide.js", "x" * (LONGEST_LINE + 1))
            file.writestr("a/latin.java", b"// caf\xe9\n")
            file.writestr("a/picture.png", b"PNG")
            file.writestr("pom.xml", "<project/>\n")
        self.assertEqual(["class B {}\r\n"], documents(jar.getvalue(), "code"))
        self.assertEqual(["<project/>\n"], documents(jar.getvalue(), "data"))

    def test_a_tarball_gives_its_files_and_follows_no_links(self) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            info = tarfile.TarInfo("package/index.js")
            info.size = 5
            tar.addfile(info, io.BytesIO(b"a=1;\n"))
            link = tarfile.TarInfo("package/passwords.js")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
        self.assertEqual(["a=1;\n"], documents(packed.getvalue(), "code"))

    def test_a_page_gives_its_text(self) -> None:
        page = "<title>T</title><script>if (a<b) x()</script><p>One &amp; two<p>three <b>four</b>"
        self.assertEqual("T\nOne & two\nthree four\n", html_text(page))
