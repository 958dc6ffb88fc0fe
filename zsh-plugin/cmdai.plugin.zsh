if [[ "${(%):-%N}" == *cmdai*.zsh && "${_cmdai_reading-}" != 1 && -r "${(%):-%x}" ]]; then
  function _cmdai_read {
    'builtin' 'emulate' '-L' 'zsh' '-o' 'no_aliases'
    'builtin' 'local' '_cmdai_reading=1' 'histchars=!^#'
    'builtin' 'source' "$1"
  }
  _cmdai_read "${(%):-%x}"
  'builtin' 'unfunction' '_cmdai_read'
  'builtin' 'return' '0'
fi
# cmdai for zsh: ghost text, a guard on Enter, words into commands. Documentation: docs/zsh.md.
#
# This file and later.zsh draw and forward; thinking is the daemon's. One socket is open while a line is edited (closed
# before anything runs, so that no child holds it), one hook sees every edit, and no key starts a process.
# What is on the screen is derived: the ghost lives in $_cmdai_ghost, and POSTDISPLAY and its colour are
# written again at every redraw, because other plugins clear them. Keys that act on a ghost are bound while
# one is shown and given back when it goes. Whatever fails, the line is edited and run as without cmdai,
# except that a line nobody could judge is asked about.
#
# All is read under the options of zsh itself, whatever the user set: aliases or KSH_ARRAYS must not change the code, and
# `histchars` says what begins a comment, so that no comment stands before this.

# What is loaded stays: the halves of two versions would not fit.
[[ -n "${_cmdai_loaded-}" ]] && return 0

# ---------------------------------------------------------------------------------------------- settings

# Reads the styles into variables. Run at the first prompt, so that it does not matter where in .zshrc they stand.
_cmdai_configure() {
  emulate -L zsh
  local name value
  typeset -gi _cmdai_max=2048 _cmdai_ghost_on=1 _cmdai_guard_on=1 _cmdai_record_on=1 _cmdai_start_on=1
  typeset -gi _cmdai_comment_on=1
  typeset -gF _cmdai_deadline=0.05 _cmdai_patience=1.0
  typeset -gA _cmdai_style _cmdai_keys
  # Where zsh has not loaded what keeps styles, nobody set one, and to ask would load it.
  local -i styled=0
  [[ ${modules[zsh/zutil]-} == loaded ]] && styled=1
  if (( styled )); then
    zstyle -T ':cmdai:ghost' enabled || _cmdai_ghost_on=0
    zstyle -T ':cmdai:guard' enabled || _cmdai_guard_on=0
    zstyle -T ':cmdai:history' enabled || _cmdai_record_on=0
    zstyle -T ':cmdai:daemon' start || _cmdai_start_on=0
    zstyle -T ':cmdai:request' comment || _cmdai_comment_on=0
    zstyle -s ':cmdai:ghost' max-buffer value && [[ $value == <1-> ]] && _cmdai_max=$value
    zstyle -s ':cmdai:guard' deadline-ms value && [[ $value == <1-> ]] && (( _cmdai_deadline = value / 1000.0 ))
    zstyle -s ':cmdai:guard' fallback-ms value && [[ $value == <1-> ]] && (( _cmdai_patience = value / 1000.0 ))
  fi
  if [[ -n ${NO_COLOR-} ]]; then
    _cmdai_style=(safe underline moderate underline high underline critical underline)
  elif [[ ${TERM-} == *256color* ]] || (( ${terminfo[colors]:-0} >= 256 )); then
    _cmdai_style=(safe fg=244 moderate fg=136 high fg=167 critical fg=196)
  elif (( ${terminfo[colors]:-0} >= 16 )); then
    _cmdai_style=(safe fg=8 moderate fg=yellow high fg=red critical fg=red)
  else
    # There is no grey, and a ghost that looks as what is typed would be taken for it.
    value=
    [[ -n ${terminfo[smso]-} ]] && value=standout
    [[ -n ${terminfo[bold]-} ]] && value=bold
    [[ -n ${terminfo[smul]-} ]] && value=underline
    [[ -n $value ]] || _cmdai_ghost_on=0
    _cmdai_style=(safe ${value:-none} moderate ${value:-none} high ${value:-none} critical ${value:-none})
    (( ${terminfo[colors]:-0} >= 8 )) && _cmdai_style=(safe $value moderate fg=yellow,$value high fg=red,$value critical fg=red,$value)
  fi
  if (( styled )); then
    for name in safe moderate high critical; do
      zstyle -s ':cmdai:style' $name value && [[ -n $value ]] && _cmdai_style[$name]=$value
    done
  fi
  _cmdai_keys=(
    accept '^E ^[[C ^[OC ^[[F ^[OF ^[[4~'
    accept-word '^[[1;5C ^[[1;3C'
    next '^[n ^[[1;3B'
    previous '^[p ^[[1;3A'
    dismiss '^]'
    confirm '^[^M ^[[13;3u'
    generate '^G'
    explain '^[e ^Xw'
  )
  typeset -ga _cmdai_own_keys=()
  if (( styled )); then
    local -a keys
    for name in ${(k)_cmdai_keys}; do
      zstyle -a ':cmdai:keys' $name keys || continue
      _cmdai_keys[$name]="${(j: :)keys}"
      _cmdai_own_keys+=($name)
    done
  fi
  # In a locale of single bytes a suffix of other characters would be shown and counted wrong.
  local probe=$'\xc3\xa9'
  typeset -gi _cmdai_utf8=$(( ${#probe} == 1 ))
  # Characters without a shape, and those that turn the direction of writing: what is shown would not be what runs.
  typeset -g _cmdai_hidden=
  (( _cmdai_utf8 )) && printf -v _cmdai_hidden '[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]'
  # Where the cursor cannot go up (an unknown terminal), zsh draws one row: what follows the cursor pushes the line out.
  typeset -gi _cmdai_flat=0
  [[ -o single_line_zle || -z ${terminfo[cuu1]-} || ${TERM:-dumb} == dumb ]] && _cmdai_flat=1 _cmdai_ghost_on=0
  return 0
}

# ------------------------------------------------------------------------------------------ the connection

# The socket's path in REPLY, or 1 where there is none that may be trusted.
_cmdai_socket() {
  emulate -L zsh
  local dir candidate
  # A place that was named is the only one; `cmdai daemon status` says what is wrong with it.
  local -a candidates=( "${XDG_RUNTIME_DIR:+$XDG_RUNTIME_DIR/cmdai/s}" "${TMPDIR:-/tmp}/cmdai-$UID/s" )
  [[ -n ${CMDAI_SOCKET-} ]] && candidates=( "$CMDAI_SOCKET" )
  for candidate in "${candidates[@]}"; do
    [[ $candidate == /* ]] && (( ${#candidate} < 100 )) || continue
    REPLY=$candidate
    dir=${candidate:h}
    [[ -S $candidate && -O $candidate && -O $dir && ! -h $dir ]] && return 0
  done
  return 1
}

# The binary's path in REPLY; 1 where there is none.
_cmdai_binary() {
  emulate -L zsh
  if [[ -n ${CMDAI_BIN-} ]]; then
    REPLY=$CMDAI_BIN
    [[ -x $REPLY && ! -d $REPLY ]]
    return
  fi
  # By hand: asking `whence` takes a process, and `commands` reads every directory of the path.
  local dir
  for dir in $path; do
    REPLY=$dir/cmdai
    [[ -x $REPLY && ! -d $REPLY ]] && return
  done
  return 1
}

# Text made a field of the protocol, in REPLY.
_cmdai_field() {
  emulate -L zsh
  REPLY=$1
  [[ $REPLY == *[$'\\\n\t\r']* ]] || return 0
  REPLY=${REPLY//\\/\\\\}
  REPLY=${REPLY//$'\n'/\\n}
  REPLY=${REPLY//$'\t'/\\t}
  REPLY=${REPLY//$'\r'/\\r}
}

# A field made text, in REPLY. No control character but newline and tab comes through, whoever sent it.
_cmdai_text() {
  emulate -L zsh -o extended_glob
  REPLY=${(g::)1}
  [[ $REPLY == *[[:cntrl:]]* ]] && REPLY=${REPLY//[^[:print:]$'\n\t']/}
  if (( ! _cmdai_utf8 )); then
    [[ $REPLY == *[^[:ascii:]]* ]] && REPLY=
  elif [[ $REPLY == *${~_cmdai_hidden}* ]]; then
    REPLY=
  fi
  return 0
}

# True where descriptors are left. Without one every redirection would print an error into the line, also one that
# hides errors, so this looks without opening: a long run of them from 10 on with hardly a gap is the whole supply.
_cmdai_room() {
  emulate -L zsh
  local -a high=( /dev/fd/<10->(Nn) )
  (( $#high < 16 || ${high[-1]:t} - 9 - $#high > 3 ))
}

# Sends a line. 1 where there is no connection or it broke.
_cmdai_send() {
  emulate -L zsh
  (( _cmdai_fd >= 0 )) || return 1
  if ! syswrite -o $_cmdai_fd "$1"$'\n' 2>/dev/null; then
    _cmdai_close lost
    return 1
  fi
}

# Opens the connection. Answers at once: a daemon that was slow before is not touched until a process of its
# own, in the background, found it well, since connecting to a stuck one could block.
_cmdai_connect() {
  emulate -L zsh
  (( _cmdai_fd >= 0 )) && return 0
  (( EPOCHREALTIME >= _cmdai_retry )) && _cmdai_room || return 1
  local REPLY
  if ! _cmdai_socket || (( _cmdai_fails )); then
    _cmdai_wake && return 1
    _cmdai_socket || { _cmdai_backoff; return 1 }
  fi
  if ! zsocket "$REPLY" 2>/dev/null; then
    _cmdai_wake || _cmdai_backoff
    return 1
  fi
  # Scripts use descriptors 3 to 9 as theirs. Where none is free above, there is no ghost.
  local -i low=$REPLY
  { exec {_cmdai_fd}>&$low } 2>/dev/null || _cmdai_fd=-1
  { exec {low}>&- } 2>/dev/null
  (( _cmdai_fd >= 0 )) || { _cmdai_backoff; return 1 }
  _cmdai_inflight=0 _cmdai_dirty=0 _cmdai_rx= _cmdai_heard=0 _cmdai_opened=$EPOCHREALTIME
  zle -F -w $_cmdai_fd _cmdai-reply 2>/dev/null || { _cmdai_close; return 1 }
  REPLY=    # the model reads what was run before, in this directory, while the person reads the prompt
  (( ${_cmdai_ghost_on:-0} )) && _cmdai_field "$PWD"
  _cmdai_send "H"$'\t'"$(( ++_cmdai_seq ))"$'\t'"1"$'\t'"zsh/0.1.0"$'\t'"zsh"$'\t'"$$"$'\t'"$_cmdai_session"$'\t'"$REPLY" || return 1
  local run
  for run in "${_cmdai_runs[@]}"; do
    _cmdai_send "R"$'\t'"$(( ++_cmdai_seq ))"$'\t'"$run" || return 1
  done
  _cmdai_runs=()
  return 0
}

# Closes the connection. With `lost`, the daemon went away or did not answer: what hung on it is given up.
_cmdai_close() {
  emulate -L zsh -o extended_glob
  (( _cmdai_fd >= 0 )) || return 0
  local -i fd=$_cmdai_fd
  _cmdai_fd=-1 _cmdai_inflight=0 _cmdai_dirty=0 _cmdai_rx= _cmdai_what_id=0
  zle -F $fd 2>/dev/null    # before the descriptor is closed, or the editor polls a dead one
  { exec {fd}>&- } 2>/dev/null
  if [[ ${1-} == lost ]]; then
    _cmdai_defined=
    local request=$_cmdai_request
    _cmdai_request=
    _cmdai_give_back
    _cmdai_retry=$(( EPOCHREALTIME + 0.1 ))
    if [[ -n $request && $request == "${BUFFER-}" ]] && (( _cmdai_request_id )); then
      # What was asked for is asked once more, of a process of its own.
      if _cmdai_generate_alone "${request##\#[[:space:]]#}"; then
        _cmdai_request=$request
      else
        _cmdai_say "cmdai: the daemon went away; press the key again"
      fi
    fi
  fi
  return 0
}

# Leaves the daemon alone for a while: longer after each failure.
_cmdai_backoff() {
  emulate -L zsh
  local -i wait=$(( 5 << (_cmdai_fails < 4 ? _cmdai_fails : 4) ))
  (( _cmdai_fails++ ))
  _cmdai_retry=$(( EPOCHREALTIME + wait ))
}

# The daemon missed a deadline.
_cmdai_unwell() {
  emulate -L zsh
  _cmdai_close lost
  _cmdai_backoff
  # One that hangs is not waited for: `cmdai daemon start` asks it once more, patiently, and replaces it if it is silent.
  (( _cmdai_fails >= 2 )) && _cmdai_wake
  return 0
}

# Starts the daemon, or finds out how it is, in the background; 1 where that is not possible. The answer comes
# to `_cmdai-awake`.
_cmdai_wake() {
  emulate -L zsh -o no_monitor -o no_notify -o no_aliases
  (( _cmdai_start_on )) || return 1
  (( _cmdai_wake_fd >= 0 )) && return 0
  (( EPOCHREALTIME >= _cmdai_wake_after )) || return 1
  local REPLY
  _cmdai_binary || return 1
  _cmdai_wake_after=$(( EPOCHREALTIME + 10 ))
  local -i fd=-1
  { exec {fd}< <("$REPLY" daemon start </dev/null >/dev/null 2>&1 && builtin print -n y) } 2>/dev/null || return 1
  (( fd >= 0 )) || return 1
  _cmdai_wake_fd=$fd
  zle -F -w $fd _cmdai-awake 2>/dev/null
}

# Tells the daemon this session's aliases and functions, where they changed.
_cmdai_define() {
  emulate -L zsh -o extended_glob
  local now="${(j:\0:)${(@kv)aliases}} $#functions"
  [[ $now == "$_cmdai_defined" ]] && return 0
  local line name REPLY
  line="D"$'\t'"$(( ++_cmdai_seq ))"$'\t'"alias"
  for name in ${(k)aliases}; do
    _cmdai_field "$name"; line+=$'\t'$REPLY
    _cmdai_field "$aliases[$name]"; line+=$'\t'$REPLY
    (( $#line < 24576 )) || break
  done
  _cmdai_send "$line" || return 0
  line="D"$'\t'"$(( ++_cmdai_seq ))"$'\t'"function"
  for name in ${${(k)functions}:#[_.-]*}; do
    _cmdai_field "$name"; line+=$'\t'$REPLY$'\t'
    (( $#line < 24576 )) || break
  done
  _cmdai_send "$line" || return 0
  _cmdai_defined=$now
}

# True for a line that nobody else may see: a leading blank, or what HISTORY_IGNORE names.
_cmdai_private() {
  emulate -L zsh -o extended_glob
  [[ $1 == [[:blank:]]* ]] && return 0
  [[ -n ${CMDAI_PRIVATE-} ]] && return 0
  [[ -n $_cmdai_histfile && ${HISTFILE:-/dev/null} == /dev/null ]] && return 0
  [[ -n ${HISTORY_IGNORE-} ]] || return 1
  local -i other=0    # a pattern that is none hides all: nobody knows what it was to hide
  { { [[ ${1%%$'\n'#} == ${~HISTORY_IGNORE} ]] || other=1 } 2>/dev/null } always { TRY_BLOCK_ERROR=0 }
  return other
}

# ------------------------------------------------------------------------------------------ the ghost

# Shows the ghost after the cursor, or nothing: beside the guard's question only what would run stands. All that other plugins could have changed is written again.
_cmdai_draw() {
  emulate -L zsh
  region_highlight=( "${(@)region_highlight:#*memo=cmdai*}" )
  # In fewer than ten columns zsh loses count of what stands behind the line, and may end by it.
  if [[ -z $_cmdai_ghost || $_cmdai_yield == 1 ]] || (( CURSOR != ${#BUFFER} || _cmdai_armed || (COLUMNS > 0 && COLUMNS < 10) )); then
    [[ -n $_cmdai_shown && $POSTDISPLAY == "$_cmdai_shown" ]] && POSTDISPLAY=
    _cmdai_shown=
    (( _cmdai_bound )) && _cmdai_unbind
    return 0
  fi
  # zsh-autosuggestions colours what it takes for its own.
  [[ -n ${_ZSH_AUTOSUGGEST_LAST_HIGHLIGHT-} ]] &&
    region_highlight=( "${(@)region_highlight:#$_ZSH_AUTOSUGGEST_LAST_HIGHLIGHT}" )
  POSTDISPLAY=$_cmdai_ghost
  _cmdai_shown=$_cmdai_ghost
  region_highlight+=( "${#BUFFER} $(( ${#BUFFER} + ${#_cmdai_ghost} )) ${_cmdai_style[$_cmdai_risk]-fg=8} memo=cmdai" )
  (( _cmdai_bound )) || _cmdai_bind
  return 0
}

_cmdai_clear() {
  emulate -L zsh
  _cmdai_ghost= _cmdai_others=() _cmdai_other=0
  _cmdai_draw
}

# Binds the keys that act on a ghost.
_cmdai_bind() {
  emulate -L zsh
  (( $#_cmdai_ghost_keys )) || _cmdai_learn
  (( $#_cmdai_ghost_keys )) && bindkey -M main "${_cmdai_ghost_keys[@]}"
  _cmdai_bound=1
  _cmdai_erase
}

_cmdai_unbind() {
  emulate -L zsh
  (( _cmdai_bound )) || return 0
  _cmdai_bound=0
  (( $#_cmdai_plain_keys )) && bindkey -M main "${_cmdai_plain_keys[@]}"
  _cmdai_erase_no_more
}

# Ctrl-C leaves the editor without calling anybody, so the sequence with which zsh ends bracketed paste also erases what
# follows the cursor: no ghost and no question is left in the scrollback.
_cmdai_erase() {
  emulate -L zsh
  (( _cmdai_erasing )) && return 0
  _cmdai_erasing=1
  if (( ${+zle_bracketed_paste} )); then
    _cmdai_paste=( "${zle_bracketed_paste[@]}" )
    zle_bracketed_paste=( "${_cmdai_paste[1]-}" "${_cmdai_paste[2]-}"$'\e[J' )
  else
    _cmdai_paste=()
    typeset -ga zle_bracketed_paste=( '' $'\e[J' )
  fi
}

_cmdai_erase_no_more() {
  emulate -L zsh
  (( _cmdai_erasing )) || return 0
  _cmdai_erasing=0
  if (( $#_cmdai_paste )); then
    zle_bracketed_paste=( "${_cmdai_paste[@]}" )
  else
    unset zle_bracketed_paste
  fi
}

# What `bindkey` says, in the array `reply`: of each key that is given as KEYMAP and KEY in turn, and with -a as the
# first argument of all keys of the keymap main as well. What a builtin prints goes into a nameless file, which costs a
# tenth of a process; where the system has no such way to write to one, it is a process.
_cmdai_ask_keys() {
  emulate -L zsh -o no_aliases
  local all= text= part map key
  [[ $1 == -a ]] && { all=1; shift }
  local -i fd=-1
  [[ -w /dev/shm ]] && local TMPPREFIX=/dev/shm/zsh    # in memory
  if { exec {fd}<<<'' } 2>/dev/null && (( fd >= 0 )); then
    {
      for map key; do bindkey -M $map -- "$key"; done
      [[ -n $all ]] && bindkey -M main
    } 2>/dev/null >/dev/fd/$fd
    { while sysread -s 65536 -i $fd part 2>/dev/null; do text+=$part; done } always { { exec {fd}<&- } 2>/dev/null }
  fi
  if [[ $text != *[^$'\n']* ]]; then
    text=$(
      for map key; do bindkey -M $map -- "$key"; done
      [[ -n $all ]] && bindkey -M main
    )
  fi
  reply=( "${(@f)${text%$'\n'}}" )
}

# Finds out what the keys mean without us: for those bound while a ghost is shown, what to give back; for those
# bound always, whether they are free. Asked at the first prompts and after a line that binds keys.
_cmdai_learn() {
  emulate -L zsh -o extended_glob
  _cmdai_room || return 0
  local name key widget line
  local -a kinds asked lines reply maps
  for name in accept accept-word next previous dismiss; do
    for key in ${(s: :)_cmdai_keys[$name]}; do kinds+=($name) asked+=("$key"); done
  done
  kinds+=(paste) asked+=('^[[200~')
  for key in '^[' "${asked[@]}"; do maps+=(main "$key"); done
  _cmdai_ask_keys -a "${maps[@]}"
  lines=( "${reply[@]}" )
  (( $#lines > $#asked )) || return 0
  local -i vi=0 at
  [[ ${lines[1]##* } == undefined-key ]] || vi=1
  local -a seen
  _cmdai_ghost_keys=() _cmdai_plain_keys=() 
  for (( at = 1; at <= $#asked; at++ )); do
    key=$asked[at] line=$lines[at+1] widget=${lines[at+1]##* }
    [[ $line == *\" || $widget == _cmdai-* ]] && continue    # a macro, or learned while bound
    # Escape and a letter, typed quickly, are two commands of vi.
    (( vi )) && [[ $key == '^['[^[O]* && $widget == undefined-key ]] && continue
    _cmdai_ghost_keys+=( "$key" _cmdai-$kinds[at] ) _cmdai_plain_keys+=( "$key" $widget )
    _cmdai_plain+=( "$key" $widget )
    seen+=( "${${line%\" *}#\"}" )
  done
  # Any other key that goes to the end, or a character or a word to the right, accepts as well.
  shift $(( $#asked + 1 )) lines
  for line in "${(@M)lines:#*\" ((vi-|)forward-char|(vi-|)end-of-line|forward-word|emacs-forward-word)}"; do
    key=${${line%\" *}#\"} widget=${line##* }
    [[ $key == *[\\\"]* || ${seen[(Ie)$key]} != 0 ]] && continue
    (( vi )) && [[ $key == '^['[^[O]* ]] && continue
    case $widget in
      (*forward-word) _cmdai_ghost_keys+=( "$key" _cmdai-accept-word ) ;;
      (*) _cmdai_ghost_keys+=( "$key" _cmdai-accept ) ;;
    esac
    _cmdai_plain_keys+=( "$key" $widget )
    _cmdai_plain+=( "$key" $widget )
    seen+=( "$key" )
  done
}

# Binds the keys of generate and explain where they are free, or where the user named them.
_cmdai_bind_always() {
  emulate -L zsh -o extended_glob
  _cmdai_room || return 0
  local name key map line
  local -a asked lines reply maps
  for map in emacs viins vicmd; do
    for name in generate explain; do
      for key in ${(s: :)_cmdai_keys[$name]}; do
        [[ $map != emacs && $key == '^['[^[O]* && ${_cmdai_own_keys[(Ie)$name]} == 0 ]] && continue
        asked+=("$map $name $key")
      done
    done
  done
  for line in "${asked[@]}"; do maps+=( ${line%% *} "${line##* }" ); done
  _cmdai_ask_keys "${maps[@]}"
  lines=( "${reply[@]}" )
  local -i at
  local widget
  for (( at = 1; at <= $#asked; at++ )); do
    map=${asked[at]%% *} key=${asked[at]##* } name=${${asked[at]#* }%% *} widget=${lines[at]##* }
    [[ ${lines[at]-} == *\" || -z $widget || $widget == _cmdai-* ]] && continue
    [[ $widget == (send-break|list-expand|undefined-key|self-insert) ]] || (( ${_cmdai_own_keys[(Ie)$name]} )) || continue
    _cmdai_static+=( "$map $key $widget" )
    bindkey -M $map -- "$key" _cmdai-$name
  done
}

# Asks for a suggestion for what is typed. At most eight questions wait; then only the newest state is kept.
_cmdai_ask() {
  emulate -L zsh
  _cmdai_asked=0
  (( _cmdai_ghost_on && ! _cmdai_armed && CURSOR == ${#BUFFER} && ${#BUFFER} && ${#BUFFER} <= _cmdai_max )) || return 0
  [[ $CONTEXT == start && ${ZLE_RECURSIVE:-0} == 0 && $BUFFER != '#'* && $_cmdai_yield != 1 ]] || return 0
  # What follows is done for every key, so the common case calls nobody.
  if [[ $BUFFER == [[:blank:]]* || -n "${HISTORY_IGNORE-}${CMDAI_PRIVATE-}" || ( -n $_cmdai_histfile && ${HISTFILE:-/dev/null} == /dev/null ) ]]; then
    _cmdai_private "$BUFFER" && return 0
  fi
  (( _cmdai_fd >= 0 )) || _cmdai_connect || return 0
  if (( _cmdai_inflight >= 8 )); then
    _cmdai_dirty=1
    (( EPOCHREALTIME - _cmdai_sent_at > 2 )) && _cmdai_unwell
    return 0
  fi
  local REPLY=$BUFFER
  [[ $BUFFER == *[$'\\\n\t\r']* ]] && _cmdai_field "$BUFFER"
  local buffer=$REPLY
  REPLY=$PWD
  [[ $PWD == *[$'\\\n\t\r']* ]] && _cmdai_field "$PWD"
  if ! syswrite -o $_cmdai_fd "S"$'\t'"$(( ++_cmdai_seq ))"$'\t'"$buffer"$'\t'"$REPLY"$'\t'"$CURSOR"$'\t'"$_cmdai_status"$'\n' 2>/dev/null; then
    _cmdai_close lost
    return 0
  fi
  (( _cmdai_inflight++ )) || _cmdai_sent_at=$EPOCHREALTIME
  _cmdai_suggest_id=$_cmdai_seq _cmdai_offered_id=$_cmdai_seq _cmdai_asked=1
  _cmdai_suggest_text=$BUFFER _cmdai_suggest_cwd=$PWD
}

# Before every redraw, so after every key: the one place that sees edits. Traps of the user that come before commands
# and after failures are not for ours: they are put away first, and come back when the function ends.
_cmdai_redraw() {
  emulate -L zsh -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  if [[ $CONTEXT != start || $_cmdai_isearch == 1 || ${ZLE_RECURSIVE:-0} != 0 ]]; then
    [[ -n $_cmdai_shown ]] && _cmdai_clear
    return 0
  fi
  (( _cmdai_menu )) || [[ ${LASTWIDGET-} != *(complet|list|menu)* ]] || _cmdai_keep_menu
  # A text under the line stays through the redraw after it was said, and goes with the next key.
  if (( _cmdai_said == 2 )); then
    _cmdai_said=0
    zle -M ''
  fi
  (( _cmdai_said )) && _cmdai_said=2
  (( _cmdai_armed )) && { (( _cmdai_armed == 1 )) && _cmdai_armed=2 || _cmdai_disarm; _cmdai_waiting=0 }
  [[ -n $_cmdai_question && $POSTDISPLAY != "$_cmdai_question" ]] && POSTDISPLAY=$_cmdai_question
  # In the middle of many keys nothing is looked at where nothing is shown: each look copies the line.
  (( PENDING || KEYS_QUEUED_COUNT )) && [[ -z $_cmdai_ghost$_cmdai_shown$_cmdai_request$_cmdai_question$POSTDISPLAY ]] && return 0
  [[ -n $_cmdai_request && $BUFFER != "$_cmdai_request" ]] && _cmdai_cancel
  # Somebody else's suggestion is on the screen: two at once would show what neither means.
  if [[ -n $POSTDISPLAY && $POSTDISPLAY != "$_cmdai_shown" && -z $_cmdai_question && $_cmdai_yield == 0 ]] && (( ! _cmdai_took_over )); then
    _cmdai_yield=1 _cmdai_shown=
    _cmdai_clear
    return 0
  fi
  if [[ $BUFFER == "$_cmdai_buffer" ]]; then
    [[ -n $_cmdai_ghost || -n $_cmdai_shown ]] && _cmdai_draw
    (( ! _cmdai_asked && CURSOR == ${#BUFFER} && ! PENDING )) && _cmdai_ask
    return 0
  fi
  # What was typed into the ghost leaves its tail; anything else ends it.
  local whole="$_cmdai_buffer$_cmdai_ghost"
  if [[ -n $_cmdai_ghost && $whole == "$BUFFER"?* ]] && (( ${#BUFFER} > ${#_cmdai_buffer} )); then
    _cmdai_ghost=${whole[${#BUFFER}+1,-1]}
  else
    _cmdai_ghost=
  fi
  _cmdai_others=() _cmdai_other=0
  _cmdai_buffer=$BUFFER _cmdai_asked=0
  [[ -n $_cmdai_ghost || -n $_cmdai_shown ]] && _cmdai_draw
  # An emptied line is given up: what was offered for it is not offered for the next.
  if [[ -z $BUFFER ]] && (( _cmdai_offered_id && _cmdai_fd >= 0 )); then
    _cmdai_send "X"$'\t'"$_cmdai_offered_id"
    _cmdai_offered_id=0
  fi
  # A paste is many keys: only its end is worth a question.
  (( PENDING || KEYS_QUEUED_COUNT )) || _cmdai_ask
  return 0
}

# The same after the hooks of others: one may have taken the colour away, or the question.
_cmdai_redraw_last() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  [[ -n $_cmdai_shown && "${region_highlight[*]-}" != *memo=cmdai* ]] && _cmdai_draw
  [[ -n $_cmdai_question && $POSTDISPLAY != "$_cmdai_question" ]] && POSTDISPLAY=$_cmdai_question
  return 0
}

# In the end of what is called for a descriptor: zsh looks at a Ctrl-C that came meanwhile with the next key only, which
# would go into the line that was given up. It is sent once more, when zsh waits for keys.
_cmdai_interrupted() {
  (( TRY_BLOCK_INTERRUPT > 0 )) || return 0
  TRY_BLOCK_INTERRUPT=0
  ( command sleep 0.02; builtin kill -INT $$ ) </dev/null &>/dev/null &!
}

# Answers of the daemon. Called by the editor when there is something to read.
_cmdai-reply() {
  emulate -L zsh -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  {
    local chunk line
    local -i redraw=0 status_=0 rounds=0
    _cmdai_replying=1 _cmdai_message=
    while (( _cmdai_fd >= 0 && rounds++ < 64 )); do
      sysread -t 0 -i $_cmdai_fd chunk 2>/dev/null || status_=$?
      (( status_ == 0 )) || break
      _cmdai_rx+=$chunk
    done
    while [[ $_cmdai_rx == *$'\n'* ]]; do
      line=${_cmdai_rx%%$'\n'*}
      _cmdai_rx=${_cmdai_rx#*$'\n'}
      _cmdai_take "$line" && redraw=1
    done
    # 4: nothing more for now. 5: the end. A line without an end is no line of the protocol.
    if (( status_ == 5 || (status_ != 0 && status_ != 4) )); then
      _cmdai_close lost
      (( _cmdai_heard )) || _cmdai_backoff
    elif (( ${#_cmdai_rx} > 262144 )); then
      _cmdai_unwell
    fi
    if (( _cmdai_dirty && _cmdai_inflight < 8 )); then
      _cmdai_dirty=0
      _cmdai_ask
    fi
    _cmdai_replying=0
    (( redraw )) && zle -R
    [[ -n $_cmdai_message ]] && _cmdai_tell
    return 0
  } always { _cmdai_interrupted }
}

# Takes one answer; true where the screen changed.
_cmdai_take() {
  emulate -L zsh -o extended_glob
  local -a f
  local REPLY
  f=( "${(@ps:\t:)1}" )
  [[ ${f[2]-} == <-> ]] || return 1
  _cmdai_heard=1 _cmdai_fails=0
  case $f[1] in
    (s)
      (( f[2] == _cmdai_suggest_id )) || return 1
      _cmdai_inflight=0
      # What it says is of the line that was asked about, and another may stand there since: a command for words.
      [[ $BUFFER == "$_cmdai_buffer" && $BUFFER == "$_cmdai_suggest_text" && ${f[3]-} == (allow|ask|deny) ]] || return 1
      _cmdai_judged_text=$_cmdai_suggest_text _cmdai_judged_cwd=$_cmdai_suggest_cwd _cmdai_judged=$f[3]
      _cmdai_text "${f[6]-}"
      # What is shown and still fits stays, unless the answer says more or the model has another opinion.
      if [[ -z $REPLY ]]; then
        return 1
      elif [[ -n $_cmdai_ghost && $REPLY != "$_cmdai_ghost"* && ${f[7]-} != model ]]; then
        return 1
      elif (( _cmdai_other )) || (( ${_cmdai_dismissed[(Ie)$BUFFER$REPLY]} )); then
        return 1
      fi
      [[ ${f[5]-} == critical ]] || (( _cmdai_armed )) && return 1
      _cmdai_ghost=$REPLY _cmdai_risk=${f[5]:-safe}
      (( CURSOR == ${#BUFFER} )) && [[ $CONTEXT == start && ${ZLE_RECURSIVE:-0} == 0 && $_cmdai_isearch != 1 ]] || return 1
      (( PENDING )) && return 1
      _cmdai_draw
      return 0 ;;
    (a)
      (( f[2] == _cmdai_others_id )) && [[ $BUFFER == "$_cmdai_buffer" ]] || return 1
      local -i at
      _cmdai_others=()
      for (( at = 3; at + 1 <= $#f; at += 3 )); do
        _cmdai_text "$f[at+1]"
        [[ -n $REPLY && $f[at] != critical ]] || continue
        _cmdai_others+=( "$f[at] $REPLY" )
      done
      _cmdai_turn $_cmdai_turn_by
      return 0 ;;
    (n) _cmdai_take_command "${f[@]}" ;;
    (w)
      (( f[2] == _cmdai_what_id )) || return 1
      _cmdai_what_id=0
      [[ $BUFFER == "$_cmdai_buffer" ]] || return 1
      local message=
      _cmdai_text "${f[3]-}"; message=$REPLY
      _cmdai_text "${f[4]-}"
      [[ -n $REPLY ]] && message+=$'\n'$REPLY
      _cmdai_say "${message:-cmdai: nothing is known about this line}"
      return 1 ;;
    (h)
      _cmdai_wake_after=0
      _cmdai_define
      return 1 ;;
    (e)
      if [[ ${f[3]-} == version ]]; then
        # A daemon of another version: the starter replaces it.
        _cmdai_unwell
        _cmdai_wake
        return 1
      fi
      (( f[2] == _cmdai_request_id )) && [[ -n $_cmdai_request ]] || return 1
      _cmdai_request=
      _cmdai_text "${f[4]-}"
      _cmdai_say "cmdai: ${REPLY:-the daemon refused}"
      return 1 ;;
    (*) return 1 ;;
  esac
}

# -------------------------------------------------------------------------------------- the guard

_cmdai_disarm() {
  emulate -L zsh
  _cmdai_armed=0 _cmdai_armed_buffer= _cmdai_pass=
  if [[ -n $_cmdai_question ]]; then
    [[ ${POSTDISPLAY-} == "$_cmdai_question" ]] && POSTDISPLAY=
    _cmdai_question=
    _cmdai_erase_no_more
  fi
  local map
  for map in $_cmdai_armed_maps; do
    bindkey -A _cmdai-kept-$map $map
    bindkey -D _cmdai-kept-$map
  done
  _cmdai_armed_maps=()
}

# -------------------------------------------------------------------------------------- a line's life

# zsh-autosuggestions steps aside while we are connected, and takes over again when the daemon is away.
_cmdai_take_over() {
  emulate -L zsh
  (( ${+functions[_zsh_autosuggest_start]} && ! _cmdai_took_over && _cmdai_ghost_on )) || return 0
  (( ${+_ZSH_AUTOSUGGEST_DISABLED} )) && return 0    # by the user
  typeset -g _ZSH_AUTOSUGGEST_DISABLED=
  _cmdai_took_over=1
  [[ -n ${POSTDISPLAY-} && $POSTDISPLAY != "$_cmdai_shown" ]] && POSTDISPLAY=
  return 0
}

_cmdai_give_back() {
  emulate -L zsh
  (( _cmdai_took_over )) || return 0
  _cmdai_took_over=0
  unset _ZSH_AUTOSUGGEST_DISABLED
}

_cmdai_line_init() {
  emulate -L zsh -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  if [[ $CONTEXT != start ]]; then
    return 0
  fi
  if (( ! ${+_cmdai_max} )); then
    _cmdai_configure
    [[ -z ${_cmdai_uncompiled-} ]] || _cmdai_compile
  fi
  (( _cmdai_bound )) && _cmdai_unbind    # the last line was left by Ctrl-C
  _cmdai_disarm
  if (( _cmdai_fd >= 0 )); then
    # So it was: the daemon would go on with what it offered there, since nothing told it that this is another line.
    (( _cmdai_inflight > 0 && ! _cmdai_heard && EPOCHREALTIME - _cmdai_opened > 1 )) && _cmdai_unwell
    _cmdai_close
  fi
  _cmdai_offered_id=0
  _cmdai_ghost= _cmdai_shown= _cmdai_buffer= _cmdai_asked=0 _cmdai_others=() _cmdai_other=0
  _cmdai_dismissed=() _cmdai_judged_text= _cmdai_cleared= _cmdai_yield=0 _cmdai_isearch=0 _cmdai_request= _cmdai_said=0
  if (( _cmdai_prompts++ < 2 || _cmdai_relearn )); then
    _cmdai_ghost_keys=()
    _cmdai_bind_always
    _cmdai_relearn=0
  fi
  if _cmdai_connect; then
    _cmdai_take_over
    (( _cmdai_heard )) && _cmdai_define
  else
    _cmdai_give_back
  fi
  if [[ -n $_cmdai_held && $BUFFER == "$_cmdai_held" ]]; then
    local REPLY="$PREBUFFER$BUFFER"
    _cmdai_buffer=$BUFFER
    { _cmdai_what_runs } always { TRY_BLOCK_ERROR=0 }
    zle -R    # so that it is known how many rows it takes
    _cmdai_armed=1
    _cmdai_quiet    # a chord that was typed ahead is no answer
    _cmdai_arm accept-line "$REPLY" "${_cmdai_held_reply[@]}"
  fi
  _cmdai_held=
  return 0
}

_cmdai_precmd() {
  # Before anything else, since it is the status of what ran.
  {
    local -i _cmdai_code=$?
    emulate -L zsh -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs
    trap - DEBUG ZERR
  } 2>/dev/null
  _cmdai_status=$_cmdai_code
  # The last of them sees the options as the others leave them.
  [[ ${precmd_functions[-1]-} == _cmdai_precmd_last ]] ||
    precmd_functions=( ${precmd_functions:#_cmdai_precmd_last} _cmdai_precmd_last )
  if [[ -n $_cmdai_ran ]]; then
    local REPLY run
    local -i ms=$(( (EPOCHREALTIME - _cmdai_ran_at) * 1000 )) began=$(( _cmdai_ran_at ))
    _cmdai_field "${_cmdai_ran%%$'\n'}"; run=$REPLY
    _cmdai_field "$_cmdai_ran_in"
    (( $#run < 16384 && $#_cmdai_runs < 50 )) &&
      _cmdai_runs+=( "$run"$'\t'"$REPLY"$'\t'"$_cmdai_code"$'\t'"$ms"$'\t'"$began" )
    _cmdai_ran=
  fi
  _cmdai_hook
  return 0
}

# The options as the user has them, for those that say what a line will mean.
_cmdai_precmd_last() {
  {
    local -i _cmdai_option=0 _cmdai_odd=0 _cmdai_hash=0 _cmdai_slips=0 _cmdai_trail=0
    local _cmdai_set=
    [[ -o bang_hist ]] && _cmdai_option=1
    [[ -o hist_subst_pattern || -o csh_junkie_history ]] && _cmdai_odd=1
    [[ -o interactive_comments && "${histchars-!^#}" == ??\#* ]] && _cmdai_hash=1
    [[ -o sun_keyboard_hack ]] && _cmdai_trail=1
    [[ -o correct ]] && _cmdai_slips=1
    [[ -o correct_all ]] && _cmdai_slips=2
    [[ -o sh_word_split ]] && _cmdai_set+=' sh_word_split'
    [[ -o glob_subst ]] && _cmdai_set+=' glob_subst'
    [[ -o ksh_arrays ]] && _cmdai_set+=' ksh_arrays'
    [[ -o extended_glob ]] && _cmdai_set+=' extended_glob'
    emulate -L zsh -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs
    trap - DEBUG ZERR
  } 2>/dev/null
  _cmdai_bang=$_cmdai_option _cmdai_odd_history=$_cmdai_odd
  # What the verdict has to know of them, as text before what is judged.
  _cmdai_comments=$_cmdai_hash _cmdai_corrects=$_cmdai_slips _cmdai_sun=$_cmdai_trail _cmdai_rules=${_cmdai_set:+setopt$_cmdai_set$'\n'}
  return 0
}

# Puts the hooks in place, and back in place where another plugin took it. A hook of ours calls the one it found,
# under the options of the user, and whatever that returns. (`add-zle-hook-widget` ends the row at the first hook
# that fails, and breaks under SH_GLOB, SH_WORD_SPLIT and an odd IFS; hooks that were added with it are one found.)
_cmdai_hook() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  local kind found
  for kind in $_cmdai_hooks; do
    found=${widgets[zle-$kind]-}
    [[ $found == user:_cmdai-$kind ]] && continue
    if [[ -n $found ]]; then
      _cmdai_outer_count+=( $kind $(( ${_cmdai_outer_count[$kind]:-0} + 1 )) )
      zle -A zle-$kind _cmdai-outer-$kind-$_cmdai_outer_count[$kind]
    fi
    zle -N zle-$kind _cmdai-$kind
  done
  _cmdai_depth=()
}

# The hook that ours of this kind found, in REPLY. Another plugin may have wrapped ours and been wrapped again: then
# we are called within our own call, and go on to what was found before.
_cmdai_enter() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  local -i depth=${_cmdai_depth[$1]:-0} at
  (( at = ${_cmdai_outer_count[$1]:-0} - depth ))
  _cmdai_depth+=( $1 $(( depth + 1 )) )
  REPLY=
  (( at > 0 )) && REPLY=_cmdai-outer-$1-$at
  (( depth == 0 ))
}

_cmdai_leave() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_depth+=( $1 $(( ${_cmdai_depth[$1]:-1} - 1 )) )
}

_cmdai-line-pre-redraw() {
  if [[ -z "${_cmdai_outer_count[line-pre-redraw]-}" ]]; then
    _cmdai_redraw
    return 0
  fi
  local REPLY=
  if _cmdai_enter line-pre-redraw; then _cmdai_redraw; fi
  [[ -z "$REPLY" ]] || zle "$REPLY" -f nolast -N -- "$@" || :
  _cmdai_leave line-pre-redraw
  _cmdai_redraw_last
  return 0
}
_cmdai-line-init() {
  local REPLY=
  if _cmdai_enter line-init; then _cmdai_line_init; fi
  [[ -z "$REPLY" ]] || zle "$REPLY" -f nolast -N -- "$@" || :
  _cmdai_leave line-init
  return 0
}
_cmdai-line-finish() {
  # After the others, since they may change the line, and with no local of ours that hides what it names.
  if _cmdai_finish_others "$@"; then _cmdai_line_finish; fi
  return 0
}
# True for the outermost call.
_cmdai_finish_others() {
  local REPLY= _cmdai_first=1
  if _cmdai_enter line-finish; then _cmdai_first=0; fi
  [[ -z "$REPLY" ]] || zle "$REPLY" -f nolast -N -- "$@" || :
  _cmdai_leave line-finish
  return "$_cmdai_first"
}
_cmdai-isearch-update() {
  local REPLY=
  if _cmdai_enter isearch-update; then _cmdai_isearch_update; fi
  [[ -z "$REPLY" ]] || zle "$REPLY" -f nolast -N -- "$@" || :
  _cmdai_leave isearch-update
  return 0
}
_cmdai-isearch-exit() {
  local REPLY=
  if _cmdai_enter isearch-exit; then _cmdai_isearch_exit; fi
  [[ -z "$REPLY" ]] || zle "$REPLY" -f nolast -N -- "$@" || :
  _cmdai_leave isearch-exit
  return 0
}

# ----------------------------------------------------------------------------------- the second half

# What these do stands in later.zsh, and the first that is called brings all of them. It runs under the user's options,
# as it does ever after.
function _cmdai_say _cmdai_wrap _cmdai_above _cmdai-awake _cmdai_tell _cmdai_visible _cmdai_otherwise _cmdai-accept \
  _cmdai-accept-word _cmdai-dismiss _cmdai-next _cmdai-previous _cmdai-generate _cmdai-explain _cmdai_accept \
  _cmdai_accept_word _cmdai_dismiss _cmdai-paste _cmdai_cycle _cmdai_turn _cmdai_generate _cmdai_generate_alone \
  _cmdai_leave_alone _cmdai-alone _cmdai_take_command _cmdai_put _cmdai_cancel _cmdai_generate_key _cmdai_as_bound \
  _cmdai_explain_key _cmdai_process _cmdai_judge_alone _cmdai_with_definitions _cmdai_bytes _cmdai_unhash \
  _cmdai_gather _cmdai_expand _cmdai_see_values _cmdai_with_parameters _cmdai_recall _cmdai_corrected \
  _cmdai_before_command _cmdai_is_command _cmdai_weigh _cmdai_judge _cmdai_what_runs _cmdai_goes_on _cmdai_whole \
  _cmdai_ends_open _cmdai_goes_over _cmdai_nothing_runs _cmdai_blank_ends _cmdai_runs_later _cmdai_followed \
  _cmdai_guard _cmdai_no_verdict _cmdai_look _cmdai_quiet _cmdai_arm _cmdai_question_keys _cmdai_show_question \
  _cmdai_question_below _cmdai_question_stands _cmdai-end _cmdai-escape _cmdai_is_chord _cmdai-confirm \
  _cmdai_confirmed _cmdai_override _cmdai-accept-line _cmdai-accept-and-hold _cmdai-accept-and-infer-next-history \
  _cmdai-accept-line-and-down-history _cmdai_line_finish _cmdai_last_gate _cmdai_isearch_update _cmdai_keep_break \
  _cmdai_keep_menu _cmdai_break_in _cmdai_isearch_exit _cmdai_preexec _cmdai_zshexit _cmdai_compile cmdai-unload {
  _cmdai_read_later || { _cmdai_without_later "${(%):-%N}" "$@"; return }
  "${(%):-%N}" "$@"
}

# Keeps the text of later.zsh, which lies beside this file ($1): read now, so that both halves are of one version, and
# not evaluated. `cmdai init zsh` brings it along.
_cmdai_keep_later() {
  emulate -L zsh
  [[ -z ${_cmdai_later-} ]] || return 0
  typeset -g _cmdai_later=
  local file
  local -i fd=-1
  for file in "${1:h}/later.zsh" "${1:A:h}/later.zsh"; do
    [[ -r $file ]] && { exec {fd}<"$file" } 2>/dev/null || continue
    # All at once: a file ends where less is read than there is room for.
    sysread -s 131072 -i $fd _cmdai_later
    exec {fd}<&-
    return 0
  done
  builtin print -ru2 -- "cmdai: ${1:h}/later.zsh cannot be read, and cmdai.plugin.zsh is not whole without it: nothing is loaded"
  return 1
}

_cmdai_read_later() {
  { emulate -L zsh -o no_aliases -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs } 2>/dev/null
  trap - DEBUG ZERR
  [[ -n "${_cmdai_later-}" ]] || return 1
  # What the user made of the words of the language is decided when code is read: neither counts for ours.
  local 'histchars=!^#'
  local -a off
  off=( "${(@k)dis_reswords}" )
  (( ! $#off )) || enable -r "${off[@]}"
  eval "$_cmdai_later"$'\n_cmdai_later=' 2>/dev/null
  (( ! $#off )) || disable -r "${off[@]}"
  [[ -z "$_cmdai_later" ]]
}

# In place of function $1, where the second half cannot be read: lines are accepted as by zsh, once that was said.
_cmdai_without_later() {
  { emulate -L zsh -o no_aliases -o no_err_exit -o no_err_return -o no_xtrace } 2>/dev/null
  local name="${1#_cmdai-}"
  shift
  (( ${_cmdai_accepting[(Ie)$name]} )) || return 1
  if [[ "${_cmdai_lame-}" != 1 ]]; then
    typeset -g _cmdai_lame=1
    zle -M 'cmdai: its second half (later.zsh) cannot be read, so no line is judged any more; Enter runs it'
    return 0
  fi
  zle ".$name" -- "$@"
}

# -------------------------------------------------------------------------------------- load and unload

_cmdai_hooks=(line-pre-redraw line-init line-finish isearch-update isearch-exit)
_cmdai_accepting=(accept-line accept-and-hold accept-and-infer-next-history accept-line-and-down-history)

_cmdai_load() {
  emulate -L zsh
  [[ -o interactive && -o zle && -z ${CMDAI_DISABLE-} ]] || return 0
  (( ${_cmdai_loaded-0} )) && return 0
  zmodload -F zsh/net/socket b:zsocket 2>/dev/null && zmodload -F zsh/system b:sysread b:syswrite 2>/dev/null &&
    zmodload -F zsh/datetime p:EPOCHREALTIME 2>/dev/null && zmodload zsh/zleparameter zsh/parameter 2>/dev/null || return 0
  _cmdai_keep_later "$1" || return 0
  typeset -gi _cmdai_loaded=1 _cmdai_fd=-1 _cmdai_seq=0 _cmdai_inflight=0 _cmdai_dirty=0 _cmdai_heard=0 _cmdai_fails=0
  typeset -gi _cmdai_wake_fd=-1 _cmdai_alone_fd=-1 _cmdai_suggest_id=0 _cmdai_offered_id=0 _cmdai_others_id=0 _cmdai_what_id=0
  typeset -gi _cmdai_request_id=0 _cmdai_asked=0 _cmdai_bound=0 _cmdai_other=0 _cmdai_turn_by=1 _cmdai_armed=0
  typeset -gi _cmdai_took_over=0 _cmdai_prompts=0 _cmdai_relearn=0 _cmdai_status=0 _cmdai_yield=0 _cmdai_isearch=0
  typeset -g _cmdai_rules=
  typeset -gA _cmdai_values _cmdai_named
  typeset -gi _cmdai_gathered=0 _cmdai_unseen=0 _cmdai_known=0 _cmdai_sun=0 _cmdai_by_correction=0
  typeset -g _cmdai_line= _cmdai_then= _cmdai_read_as= _cmdai_last=
  typeset -gi _cmdai_comments=0 _cmdai_corrects=0
  typeset -gi _cmdai_bang=1 _cmdai_odd_history=0 _cmdai_utf8=1 _cmdai_said=0 _cmdai_replying=0 _cmdai_erasing=0 _cmdai_searched=0 _cmdai_waiting=0 _cmdai_menu=0
  typeset -gi _cmdai_armed_rows=0 _cmdai_armed_cols=0
  typeset -gF _cmdai_unsure_at=0 _cmdai_retry=0 _cmdai_wake_after=0 _cmdai_sent_at=0 _cmdai_ran_at=0 _cmdai_opened=0
  typeset -g _cmdai_rx= _cmdai_ghost= _cmdai_shown= _cmdai_risk=safe _cmdai_buffer= _cmdai_request= _cmdai_alone=
  typeset -g _cmdai_suggest_text= _cmdai_suggest_cwd=
  typeset -g _cmdai_judged= _cmdai_judged_text= _cmdai_judged_cwd= _cmdai_cleared= _cmdai_pass= _cmdai_held=
  typeset -g _cmdai_armed_widget= _cmdai_armed_text= _cmdai_armed_verdict= _cmdai_armed_buffer= _cmdai_defined=
  typeset -g _cmdai_armed_reason= _cmdai_armed_size= _cmdai_question=
  typeset -g _cmdai_may= _cmdai_unknown= _cmdai_unsure= _cmdai_message= _cmdai_ran= _cmdai_ran_in= _cmdai_histfile=${HISTFILE-}
  typeset -g _cmdai_session="$$-${EPOCHREALTIME//[^0-9]/}"
  typeset -ga _cmdai_others _cmdai_runs _cmdai_ghost_keys _cmdai_plain_keys _cmdai_armed_maps _cmdai_chords _cmdai_paste
  typeset -ga _cmdai_static _cmdai_held_reply
  typeset -gA _cmdai_plain _cmdai_orig _cmdai_outer_count _cmdai_depth
  typeset -ga _cmdai_dismissed
  local widget
  for widget in reply awake alone \
    accept accept-word next previous dismiss generate explain confirm paste; do
    zle -N _cmdai-$widget
  done
  for widget in $_cmdai_accepting; do
    # A widget of zsh is called by its own name: highlighters take any alias of one for a name with a dot.
    if [[ ${widgets[$widget]-} == builtin ]]; then
      _cmdai_orig+=( $widget .$widget )
    else
      zle -A $widget _cmdai-orig-$widget
      _cmdai_orig+=( $widget _cmdai-orig-$widget )
    fi
    zle -N $widget _cmdai-$widget
  done
  typeset -ga precmd_functions preexec_functions zshexit_functions
  # First, so that $? is still the command's.
  precmd_functions=( _cmdai_precmd ${precmd_functions:#_cmdai_precmd} _cmdai_precmd_last )
  preexec_functions=( ${preexec_functions:#_cmdai_preexec} _cmdai_preexec )
  zshexit_functions=( ${zshexit_functions:#_cmdai_zshexit} _cmdai_zshexit )
}

_cmdai_load "${(%):-%x}"
# vim: ft=zsh sw=2
