package io.trc.cli;

import io.trc.TrcInfo;
import io.trc.TrcModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known of .trc files, for people and for programs. */
final class Listing {
  private final List<Path> files = new ArrayList<>();
  private final List<TrcInfo> infos = new ArrayList<>();

  void add(Path file, TrcInfo info) {
    files.add(file);
    infos.add(info);
  }

  /** A table with a line for each file, and one for all if there are several. */
  String table() {
    if (files.isEmpty()) {
      return "";
    }
    Table table =
        new Table("plain", "compressed", "ratio", "bits/byte", "blocks", "coder", "model", "name");
    for (int i = 0; i < files.size(); i++) {
      row(table, infos.get(i), Cause.line(files.get(i).toString()));
    }
    if (files.size() > 1) {
      row(table, totals(), files.size() + " files");
    }
    return table.text(5);
  }

  private static void row(Table table, TrcInfo info, String name) {
    table.row(
        String.valueOf(info.plainLength()),
        String.valueOf(info.compressedLength()),
        Run.percent(info.compressedLength(), info.plainLength()),
        info.plainLength() == 0 ? "-" : String.format(Locale.ROOT, "%.3f", info.bitsPerByte()),
        String.valueOf(info.blocks()),
        dashed(String.join("+", info.coders().keySet())) + (info.linked() > 0 ? ", linked" : ""),
        dashed(
            info.models().stream()
                .map(Listing::nameOrDigest)
                .distinct()
                .collect(Collectors.joining("+"))),
        name);
  }

  /** The models that TRC brings are known by name, others by digest. */
  private static String nameOrDigest(TrcInfo.Model model) {
    return name(model).orElse(model.digest());
  }

  private static Optional<String> name(TrcInfo.Model model) {
    return Stream.concat(Stream.of(TrcModel.embedded()), TrcModel.base().stream())
        .filter(known -> known.sha256().startsWith(model.digest()))
        .map(known -> known.name().replaceFirst("-q8_0\\.gguf$", ""))
        .findFirst();
  }

  private static String dashed(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private TrcInfo totals() {
    long plain = 0;
    long coded = 0;
    int members = 0;
    int blocks = 0;
    int linked = 0;
    Map<String, Integer> coders = new TreeMap<>();
    List<TrcInfo.Model> models = new ArrayList<>();
    for (TrcInfo info : infos) {
      plain += info.plainLength();
      coded += info.compressedLength();
      members += info.members();
      blocks += info.blocks();
      linked += info.linked();
      info.coders().forEach((coder, count) -> coders.merge(coder, count, Integer::sum));
      info.models().stream().filter(model -> !models.contains(model)).forEach(models::add);
    }
    return new TrcInfo(plain, coded, members, blocks, coders, linked, models);
  }

  /** One JSON object: the files in the order of the operands, and totals. */
  String json() {
    Json json = new Json().open('{').key("files").open('[');
    for (int i = 0; i < files.size(); i++) {
      json.open('{').key("name").string(files.get(i).toString());
      facts(json, infos.get(i)).close('}');
    }
    json.close(']').key("totals").open('{').key("files").number(files.size());
    return facts(json, totals()).close('}').close('}').text();
  }

  private static Json facts(Json json, TrcInfo info) {
    json.key("plainLength").number(info.plainLength());
    json.key("compressedLength").number(info.compressedLength());
    json.key("ratio").number(info.ratio());
    json.key("bitsPerByte").number(info.bitsPerByte());
    json.key("members").number(info.members());
    json.key("blocks").number(info.blocks());
    json.key("linked").number(info.linked());
    json.key("coders").open('{');
    info.coders().forEach((coder, count) -> json.key(coder).number(count));
    json.close('}').key("models").open('[');
    for (TrcInfo.Model model : info.models()) {
      json.open('{').key("digest").string(model.digest());
      name(model).ifPresent(name -> json.key("name").string(name));
      json.key("numerics").string(model.numerics());
      json.key("fingerprint").string(String.format("%08x", model.fingerprint()));
      json.key("window").number(model.window()).close('}');
    }
    return json.close(']');
  }
}
