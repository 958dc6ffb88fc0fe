# Runs every line of descriptor 5, and forgets what it set; \x01 ends a line.
function args; printf '%s\0' "#"(count $argv) $argv >&3; end
set -g __number 0
while read -z -d \x01 -g __line <&5
  printf 'L\0%s\0' $__number >&3
  printf '\001%s\n' $__number >&2
  begin; set -l argv; eval $__line; end </dev/null
  for __name in (set -n | string match -rv '^(__|[A-Z]|fish|hostname|history|status|pipestatus|umask|version|_|argv)'); set -e $__name; end
  functions -e f g
  set -g __number (math $__number + 1)
end
