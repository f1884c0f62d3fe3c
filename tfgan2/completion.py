"""python -m tfgan2.completion SHELL: prints the completion of commands and flags for bash, zsh or fish."""

import sys

from tfgan2 import cli

_BASH = """_tfgan2() {{
  local flags current="${{COMP_WORDS[COMP_CWORD]}}"
  case "${{COMP_WORDS[1]}}" in
{cases}
  esac
  [ "$COMP_CWORD" -eq 1 ] && flags="{commands}"
  COMPREPLY=($(compgen -W "$flags" -- "$current"))
  [ "$COMP_CWORD" -eq 1 ] || compopt -o nospace 2>/dev/null
}}
complete -o default -F _tfgan2 tfgan2"""
_ZSH = "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n"
_PLACES = {
    "bash": "~/.local/share/bash-completion/completions/tfgan2",
    "zsh": "a file that ~/.zshrc sources",
    "fish": "~/.config/fish/completions/tfgan2.fish",
}


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_complete, sys.argv[1:] if argv is None else argv)


def _complete(argv):
    from tfgan2.errors import InputError

    shell = argv[0] if len(argv) == 1 else None
    if shell in ("--help", "-h"):
        lines = (f"  tfgan2 completion {name} > {place}" for name, place in _PLACES.items())
        raise cli.Answer("\n".join(["Prints the completion of commands and flags:", *lines]))
    if shell not in _PLACES:
        raise InputError(f"{' '.join(argv) or 'nothing'!r} is not a shell; give one of {', '.join(_PLACES)}")
    print(_fish() if shell == "fish" else _ZSH * (shell == "zsh") + _bash())


def _flags():
    """Command -> flag without dashes -> `Argument`, all that the command can have."""
    from tfgan2.flags.groups import groups_of
    from tfgan2.flags.run_flags import RUN_FLAGS

    return {
        command: {flag: argument for group in groups_of(command, {}) for flag, argument in group.flags.items()}
        for command in RUN_FLAGS
    }


def _bash():
    flags = _flags()
    texts = {command: " ".join(f"--{flag}=" for flag in own) for command, own in flags.items()}
    cases = (f'    {command}) flags="{text} --help" ;;' for command, text in texts.items())
    return _BASH.format(cases="\n".join(cases), commands=" ".join(flags))


def _fish():
    flags = _flags()
    lines = [f"complete -c tfgan2 -n __fish_use_subcommand -f -a '{' '.join(flags)}'"]
    for command, own in flags.items():
        for flag, argument in own.items():
            about = argument.help.partition(". ")[0].rstrip(".").replace("\\", "").replace("'", "\\'")
            lines.append(f"complete -c tfgan2 -n '__fish_seen_subcommand_from {command}' -l {flag} -r -d '{about}'")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
