package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads YAML as trees. */
final class Yaml {

  /**
   * All documents of a text that hold anything.
   *
   * @param where it comes from, for people
   */
  static List<JsonNode> read(String text, String where) {
    try {
      List<JsonNode> documents = new ArrayList<>();
      for (Object document :
          new Load(LoadSettings.builder().setLabel(where).build()).loadAllFromString(text)) {
        if (document != null) {
          documents.add(Json.any(document));
        }
      }
      return documents;
    } catch (YamlEngineException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, where + " is no YAML").because(e.getMessage());
    }
  }

  private Yaml() {}
}
