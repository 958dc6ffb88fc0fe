# Runs every line of standard input, and forgets what it set; a NUL ends a line.
function args; printf '%s\0' "#"(count $argv) $argv >&3; end
set -g __number 0
while read -z -g __line
  printf 'L\0%s\0' $__number >&3
  printf '\001%s\n' $__number >&2
  begin; set -l argv; eval $__line; end </dev/null
  for __name in (set -n | string match -rv '^(__|[A-Z]|fish|hostname|history|status|pipestatus|umask|version|_|argv)'); set -e $__name; end
  functions -e f g
  set -g __number (math $__number + 1)
end
