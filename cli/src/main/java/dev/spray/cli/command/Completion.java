package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete words. */
@Command(
    name = "completion",
    description = {
      "Print what a shell needs to complete words, names of clusters too:",
      "bash: source <(sp-ray completion bash)",
      "zsh: source <(sp-ray completion zsh)",
      "fish: sp-ray completion fish | source"
    })
final class Completion extends Action {
  private static final String BASH =
      """
      _sp_ray() {
        local IFS=$'\\n'
        COMPREPLY=($(sp-ray __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        [ "${#COMPREPLY[@]}" -gt 0 ] || compopt -o default 2>/dev/null
      }
      complete -F _sp_ray sp-ray
      """;

  private static final String ZSH =
      """
      #compdef sp-ray
      _sp_ray() {
        local -a words_found
        words_found=("${(@f)$(sp-ray __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
        if [[ -n "${words_found[1]}" ]]; then
          compadd -a words_found
        else
          _files
        fi
      }
      if (( ! $+functions[compdef] )); then
        autoload -Uz compinit && compinit -u
      fi
      compdef _sp_ray sp-ray
      """;

  private static final String FISH =
      """
      complete -c sp-ray -f -a '(sp-ray __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
      """;

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  private String shell;

  @Override
  int run() {
    terminal()
        .out()
        .print(
            switch (shell) {
              case "bash" -> BASH;
              case "zsh" -> ZSH;
              case "fish" -> FISH;
              default ->
                  throw new Failure(ErrorCode.INVALID_CONFIG, "there is no completion for " + shell)
                      .suggesting("bash, zsh or fish");
            });
    terminal().out().flush();
    return 0;
  }
}
