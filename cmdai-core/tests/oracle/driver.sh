# Runs every line of descriptor 5 in a subshell of its own; \x01 ends a line. Read by bash and zsh.
args() { printf '%s\0' "#$#" "$@" >&3; }
number=0
while IFS= read -r -d $'\x01' __line <&5; do
  printf 'L\0%s\0' "$number" >&3
  printf '\001%s\n' "$number" >&2
  ( eval "$__line" ) 5<&- </dev/null
  number=$((number + 1))
done
