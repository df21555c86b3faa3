"""`territory completion SHELL`: prints what a shell needs to complete a line; the words themselves come from us."""

from __future__ import annotations

from collections.abc import Sequence

from command.parser import Parser
from command.terminal import DONE

EXAMPLES = (
    ("bash > ~/.local/share/bash-completion/completions/territory", "for every new bash"),
    ("zsh > ~/.zfunc/_territory", "where fpath has ~/.zfunc before compinit"),
    ("fish > ~/.config/fish/completions/territory.fish", "for every new fish"),
)

# bash cuts words at = and :, and replaces only what stands behind the last of them.
BASH = r"""# tab completion of territory for bash:  source <(territory completion bash)
_territory() {
    local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
    local word="${line##*[[:space:]]}"
    local kept="${word%"${word##*[=:]}"}"
    COMPREPLY=($("${COMP_WORDS[0]}" --complete "$line" 2>/dev/null))
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}
complete -o default -o nospace -F _territory territory
"""

ZSH = r"""#compdef territory
# tab completion of territory for zsh: a file _territory in fpath, or  source <(territory completion zsh)
_territory() {
    local -a found
    found=("${(@f)$(${words[1]} --complete "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}")
    found=(${found:#})
    if (( $#found )); then
        compadd -Q -S '' -- "${found[@]}"
    else
        compset -P '*='
        _files
    fi
}
if [[ "${funcstack[1]}" == _territory ]]; then _territory "$@"; else compdef _territory territory; fi
"""

FISH = r"""# tab completion of territory for fish:  territory completion fish | source
function __territory_candidates
    set -l words (commandline -opc)
    set -l found ($words[1] --complete (string join ' ' -- $words)" "(commandline -ct) 2>/dev/null)
    if test (count $found) -gt 0; and test -n "$found[1]"
        printf '%s\n' (string trim --right -- $found)
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c territory -f -a '(__territory_candidates)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "completion",
        "Prints the script with which a shell completes territory's verbs, options, settings, lists after -m, stored "
        "plans and experiments with the tab key.",
        EXAMPLES,
        "docs/howto/terminal.md",
    )
    made.add_argument("shell", choices=tuple(SCRIPTS), help="which shell")
    return made


def main(arguments: Sequence[str]) -> int:
    """Prints the script; returns the exit code."""
    print(SCRIPTS[parser().parse_args(list(arguments)).shell], end="")
    return DONE
