import { defineCommand } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { didYouMean } from '../did-you-mean.ts'

/** Each asks tilth itself what could come next, so that a script need not be made anew with another version. */
const scripts = {
  bash: `_tilth() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line path tab=$'\\t'
  [ "$current" = "=" ] && current=""
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files | :folders)
        compopt -o filenames 2>/dev/null
        while IFS= read -r path; do
          COMPREPLY+=("$path")
        done < <(if [ "$line" = :files ]; then compgen -f -- "$current"; else compgen -d -- "$current"; fi)
        ;;
      *) COMPREPLY+=("\${line%%"$tab"*}") ;;
    esac
  done < <(tilth __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _tilth tilth`,
  zsh: `#compdef tilth
_tilth() {
  local -a candidates
  local line tab=$'\\t'
  for line in "\${(@f)$(tilth __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      '') ;;
      :files) compset -P '--*='; _files ;;
      :folders) compset -P '--*='; _files -/ ;;
      *$tab*) candidates+=("\${\${line%%$tab*}//:/\\\\:}:\${line#*$tab}") ;;
      *) candidates+=("\${line//:/\\\\:}") ;;
    esac
  done
  (( \${#candidates} )) && _describe -t tilth tilth candidates
}
compdef _tilth tilth`,
  fish: `function __tilth_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    for line in (tilth __complete -- $words "$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':folders'
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c tilth -f -a '(__tilth_complete)'`,
} as const

type Shell = keyof typeof scripts

const shells = Object.keys(scripts) as Shell[]

export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'Prints a script that lets your shell complete commands, flags and runs.',
  details:
    'Have the shell read it at its start: put `eval "$(tilth completion bash)"` into ~/.bashrc, `source <(tilth completion zsh)` after compinit into ~/.zshrc, ' +
    'or `tilth completion fish | source` into ~/.config/fish/config.fish.',
  examples: ['tilth completion bash', 'tilth completion zsh', 'tilth completion fish'],
  args: {
    shell: { type: 'positional', valueHint: shells.join('|'), description: 'bash, zsh or fish.' },
  },
  run(args, terminal) {
    const shell = shells.find(name => name === args.shell)
    if (shell === undefined)
      throw new UsageError(
        `"${args.shell}" is not one of ${shells.join(', ')}.${didYouMean(args.shell!, shells)}`,
      )
    terminal.out(scripts[shell])
    return Promise.resolve(exitCodes.done)
  },
})
