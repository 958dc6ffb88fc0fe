# Runs every line of standard input in a subshell of its own; a NUL ends a line. Read by bash and zsh.
args() { printf '%s\0' "#$#" "$@" >&3; }
number=0
while IFS= read -r -d '' __line; do
  printf 'L\0%s\0' "$number" >&3
  printf '\001%s\n' "$number" >&2
  ( eval "$__line" ) </dev/null
  number=$((number + 1))
done
