# The second half of cmdai for zsh: what no key needs before a line is accepted, asked about or explained. It is kept as
# text by cmdai.plugin.zsh, which names each function of this file, and read when the first of them is called: half of
# what loading costs, at a time when nobody waits for a prompt. Only functions stand here.

# ------------------------------------------------------------------------------------------------ messages

# Shows a text under the line until the next key. In an answer of the daemon it waits until the line is drawn.
_cmdai_say() {
  emulate -L zsh
  local REPLY
  _cmdai_wrap "$1"
  if (( _cmdai_replying )); then
    _cmdai_message=$REPLY
  elif _cmdai_above "$REPLY"; then
    _cmdai_said=0
  else
    zle -M -- "$REPLY"
    _cmdai_said=1
  fi
}

# Breaks a text between words where a line is wider than the screen, into REPLY: the terminal would break within one.
_cmdai_wrap() {
  emulate -L zsh
  local line word row indent
  local -i width=$(( COLUMNS > 1 ? COLUMNS - 1 : 80 ))
  local -a rows
  for line in "${(@f)1}"; do
    indent=${line%%[^ ]*}
    row=
    if (( ${(m)#line} > width )); then
      for word in "${(@s: :)${line#$indent}}"; do
        if [[ -n $row ]] && (( ${(m)#row} + ${(m)#word} >= width )); then
          rows+=( "$row" )
          row=$indent$word
        else
          row=${row:-$indent}${row:+ }$word
        fi
      done
    fi
    rows+=( "${row:-$line}" )
  done
  REPLY=${(F)rows}
}

# Prints a text above the prompt where the screen is too small to show all of it under the line: zsh would cut it, and
# draw over the prompt. 1 where it is not.
_cmdai_above() {
  emulate -L zsh
  local line
  local -i rows=${BUFFERLINES:-1}
  for line in "${(@f)1}"; do (( rows += ${(m)#line} / (COLUMNS > 0 ? COLUMNS : 80) + 1 )); done
  # Where zsh draws in one row, only the first of several would be seen.
  if [[ -o single_line_zle ]] || (( ${_cmdai_flat:-0} )); then
    (( rows > ${BUFFERLINES:-1} + 1 )) || return 1
  else
    # Where hardly a word has room zsh loses count of what stands behind the line, and may end by it.
    (( LINES > 0 && rows > LINES || COLUMNS > 0 && COLUMNS < 10 )) || return 1
  fi
  local -i fd
  for fd in 2 1; do
    [[ -t $fd ]] || continue
    zle -I
    builtin print -r -u $fd -- "$1"
    return 0
  done
  return 1
}

_cmdai-awake() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  {
    local answer=
    sysread -t 0 -i $_cmdai_wake_fd answer 2>/dev/null
    local -i fd=$_cmdai_wake_fd
    _cmdai_wake_fd=-1
    zle -F $fd 2>/dev/null
    { exec {fd}<&- } 2>/dev/null
    if [[ $answer == y ]]; then
      _cmdai_fails=0 _cmdai_retry=0
      if _cmdai_connect; then
        _cmdai_take_over
        _cmdai_ask
        # The editor watches a new descriptor from the next key on; the first answer is fetched here.
        local -F end=$(( EPOCHREALTIME + 0.05 ))
        while (( _cmdai_fd >= 0 && _cmdai_inflight && EPOCHREALTIME < end )); do
          sysread -t 0.01 -i $_cmdai_fd answer 2>/dev/null && _cmdai_rx+=$answer && _cmdai-reply
        done
      fi
    else
      _cmdai_backoff
    fi
    return 0
  } always { _cmdai_interrupted }
}

# ------------------------------------------------------------------------------------------ the ghost

# Shows the text of an answer. No redraw follows by itself.
_cmdai_tell() {
  emulate -L zsh
  if _cmdai_above "$_cmdai_message"; then
    _cmdai_said=0
  else
    zle -M -- "$_cmdai_message"
    _cmdai_said=2
  fi
  zle -R
  _cmdai_message=
}

# -------------------------------------------------------------------------------------- keys on a ghost

# True where a ghost is on the screen and the cursor before it.
_cmdai_visible() {
  [[ -n $_cmdai_shown && $_cmdai_shown == "$_cmdai_ghost" && $BUFFER == "$_cmdai_buffer" ]] && (( CURSOR == ${#BUFFER} ))
}

# What the key does without us, in $_cmdai_then. KEYS is as typed; the table is written as bindkey writes.
_cmdai_otherwise() {
  emulate -L zsh
  local key=${(V)KEYS} widget
  widget=${_cmdai_plain[$key]-}
  [[ $widget == undefined-key ]] || _cmdai_then=$widget
}

# The widgets of keys call what the key did before under the user's own options: theirs are put away in the function
# that decides.
_cmdai-accept() { _cmdai_accept; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }
_cmdai-accept-word() { _cmdai_accept_word; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }
_cmdai-dismiss() { _cmdai_dismiss; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }
_cmdai-next() { _cmdai_cycle 1; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }
_cmdai-previous() { _cmdai_cycle -1; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }
_cmdai-generate() { _cmdai_generate_key; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }
_cmdai-explain() { _cmdai_explain_key; [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then" }

_cmdai_accept() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  _cmdai_visible || { _cmdai_otherwise; return 0 }
  local ghost=$_cmdai_ghost
  _cmdai_clear
  BUFFER+=$ghost
  CURSOR=${#BUFFER}
}

_cmdai_accept_word() {
  emulate -L zsh -o extended_glob -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  _cmdai_visible || { _cmdai_otherwise; return 0 }
  local word=${(M)_cmdai_ghost##[[:space:]]#[^[:space:]]##}
  BUFFER+=${word:-$_cmdai_ghost}
  CURSOR=${#BUFFER}
}

_cmdai_dismiss() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  _cmdai_visible || { _cmdai_otherwise; return 0 }
  _cmdai_dismissed+=( "$BUFFER$_cmdai_ghost" )
  _cmdai_clear
}

# A paste begins: the ghost goes first. bracketed-paste-magic draws the line and waits for a key within its widget,
# so no hook would come before.
_cmdai-paste() {
  local REPLY='^[[200~'
  REPLY="${_cmdai_plain[$REPLY]-bracketed-paste}"
  _cmdai_clear
  zle "$REPLY" -w -- "$@"
}

_cmdai_cycle() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  _cmdai_visible || { _cmdai_otherwise; return 0 }
  if (( $#_cmdai_others )); then
    _cmdai_turn $1
    return 0
  fi
  _cmdai_connect || return 0
  local REPLY buffer
  _cmdai_field "$BUFFER"; buffer=$REPLY
  _cmdai_field "$PWD"
  _cmdai_turn_by=$1
  _cmdai_send "A"$'\t'"$(( ++_cmdai_seq ))"$'\t'"$buffer"$'\t'"$REPLY"$'\t'"$CURSOR"$'\t'"$_cmdai_status"$'\t'"8" || return 0
  _cmdai_others_id=$_cmdai_seq
}

# Shows the next of the alternatives.
_cmdai_turn() {
  emulate -L zsh
  (( $#_cmdai_others )) || return 0
  local -i at=$_cmdai_other
  (( at )) || at=${_cmdai_others[(I)* ${(b)_cmdai_ghost}]}
  (( at == 0 && $1 < 0 )) && at=1
  (( at = (at + $1 - 1 + $#_cmdai_others) % $#_cmdai_others + 1 ))
  _cmdai_other=$at
  _cmdai_risk=${_cmdai_others[at]%% *}
  _cmdai_ghost=${_cmdai_others[at]#* }
  _cmdai_draw
}

# -------------------------------------------------------------------------------------- words to commands

# Asks for a command in place of the words in the line. The line stays as it is until the answer comes.
_cmdai_generate() {
  emulate -L zsh -o extended_glob
  local words=${BUFFER##\#[[:space:]]#}
  if [[ $words != *[^[:space:]]* ]]; then
    if [[ $BUFFER == \#* ]]; then
      _cmdai_say "cmdai: type behind the # what the command should do, as in: # files larger than 100 MB"
    else
      _cmdai_say "cmdai: type what the command should do, and press the key again"
    fi
    return 0
  fi
  [[ -n $_cmdai_request && $_cmdai_request == "$BUFFER" ]] && return 0
  _cmdai_clear
  local REPLY request
  _cmdai_field "$words"; request=$REPLY
  _cmdai_field "$PWD"
  if _cmdai_connect && _cmdai_send "N"$'\t'"$(( ++_cmdai_seq ))"$'\t'"$request"$'\t'"$REPLY"; then
    _cmdai_request_id=$_cmdai_seq
  elif ! _cmdai_generate_alone "$words"; then
    _cmdai_say "cmdai: the daemon is away, and no cmdai is on the PATH"
    return 0
  fi
  _cmdai_request=$BUFFER
  _cmdai_say "cmdai: thinking about: $words"
}

# The same by a process of its own, in the background.
_cmdai_generate_alone() {
  emulate -L zsh -o no_monitor -o no_notify -o no_aliases
  local REPLY
  local -i fd=-1
  _cmdai_binary || return 1
  { exec {fd}< <(builtin print -rn -- "$1" | "$REPLY" generate --quiet 2>/dev/null </dev/stdin) } 2>/dev/null || return 1
  (( fd >= 0 )) || return 1
  _cmdai_leave_alone
  _cmdai_request_id=0 _cmdai_alone_fd=$fd _cmdai_alone=
  zle -F -w $fd _cmdai-alone
}

# Gives up a process that has not answered yet: nobody would read from it.
_cmdai_leave_alone() {
  emulate -L zsh
  (( _cmdai_alone_fd >= 0 )) || return 0
  local -i fd=$_cmdai_alone_fd
  _cmdai_alone_fd=-1
  zle -F $fd 2>/dev/null
  { exec {fd}<&- } 2>/dev/null
  return 0
}

_cmdai-alone() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  {
    local chunk
    local -i fd=$1 code
    while sysread -t 0 -i $fd chunk 2>/dev/null; do
      _cmdai_alone+=$chunk
    done
    code=$?
    (( code == 4 )) && return 0
    _cmdai_leave_alone
    (( _cmdai_request_id == 0 )) || return 0
    local REPLY
    _cmdai_text "${${_cmdai_alone%%$'\n'}//\\/\\\\}"
    _cmdai_replying=1 _cmdai_message=
    if [[ -n $REPLY ]]; then
      _cmdai_put "$REPLY" ''
    elif [[ -n $_cmdai_request ]]; then
      _cmdai_request=
      _cmdai_say "cmdai: no confident answer"
    fi
    _cmdai_replying=0
    zle -R
    [[ -n $_cmdai_message ]] && _cmdai_tell
    return 0
  } always { _cmdai_interrupted }
}

# Takes an `n`: drafts are shown under the line, the final command goes into it.
_cmdai_take_command() {
  emulate -L zsh
  shift
  [[ -n $_cmdai_request ]] && (( $1 == _cmdai_request_id )) || return 1
  local REPLY command why
  _cmdai_text "${5-}"; why=$REPLY
  _cmdai_text "${2-}"; command=$REPLY
  case ${6-} in
    (draft) _cmdai_say "cmdai: $command" ;;
    (final) _cmdai_put "$command" "${3:+[$3] }$why" ;;
    (none) _cmdai_request=; _cmdai_say "cmdai: ${why:-no confident answer}" ;;
  esac
  return 0
}

# Puts a command in place of the words, if they still stand there. It is not run; undo brings the words back.
_cmdai_put() {
  emulate -L zsh
  local request=$_cmdai_request
  _cmdai_request=
  [[ -n $request && $BUFFER == "$request" && -n $1 ]] || return 0
  zle .split-undo
  BUFFER=$1
  CURSOR=${#BUFFER}
  zle .split-undo
  _cmdai_buffer=$BUFFER _cmdai_asked=0
  _cmdai_clear
  _cmdai_say "cmdai: ${2:-check it, then press Enter}"
}

_cmdai_cancel() {
  emulate -L zsh
  _cmdai_request=
  if (( _cmdai_request_id )); then
    _cmdai_send "X"$'\t'"$_cmdai_request_id"
  else
    _cmdai_leave_alone
  fi
  return 0
}

_cmdai_generate_key() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  if [[ $CONTEXT != start ]] || (( ${ZLE_RECURSIVE:-0} )); then
    _cmdai_as_bound
  else
    _cmdai_generate
  fi
  return 0
}

# In a prompt that is not ours, the key does what it was bound to: in $_cmdai_then.
_cmdai_as_bound() {
  emulate -L zsh
  local map=$KEYMAP found
  [[ $map == main ]] && map=emacs
  found=${${(M)_cmdai_static:#"$map ${(V)KEYS} "*}[1]-}
  [[ -n $found ]] || found=${${(M)_cmdai_static:#* "${(V)KEYS} "*}[1]-}
  found=${found##* }
  [[ $found == undefined-key ]] || _cmdai_then=$found
}

# Says under the line what it does, and what the word under the cursor means.
_cmdai_explain_key() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  if [[ $CONTEXT != start ]] || (( ${ZLE_RECURSIVE:-0} )); then
    _cmdai_as_bound
    return 0
  fi
  [[ -n $BUFFER ]] || return 0
  local REPLY buffer
  _cmdai_buffer=$BUFFER
  if ! _cmdai_private "$BUFFER"; then
    _cmdai_field "$BUFFER"; buffer=$REPLY
    _cmdai_field "$PWD"
    # A daemon that hangs on one question is given no other: what it does not read would block the next key.
    (( _cmdai_what_id && _cmdai_fd >= 0 )) && return 0
    if (( $#BUFFER < 8192 )) && _cmdai_connect && _cmdai_send "W"$'\t'"$(( ++_cmdai_seq ))"$'\t'"$buffer"$'\t'"$REPLY"$'\t'"$CURSOR"; then
      _cmdai_what_id=$_cmdai_seq
      return 0
    fi
  fi
  local -a reply
  if _cmdai_process "$BUFFER" explain; then
    local -a lines=( "${(@f)reply[1]}" )
    _cmdai_say "${(F)lines[1,10]}"
  else
    _cmdai_say "cmdai: the daemon is away, and no cmdai is on the PATH"
  fi
  return 0
}

# -------------------------------------------------------------------------------------- the guard

# Runs `cmdai $2...` over a text and waits a bounded time: what it printed and its exit code, in `reply`.
_cmdai_process() {
  # What stands in `<(…)` is read when it runs: the user's aliases are none of ours.
  emulate -L zsh -o extended_glob -o no_monitor -o no_notify -o no_aliases
  local REPLY out= chunk
  local -i fd=-1
  reply=()
  _cmdai_room && _cmdai_binary || return 1
  { exec {fd}< <(
      builtin print -rn -- "$1" | "$REPLY" "${(@)@[2,-1]}" --quiet --color never --shell zsh 2>/dev/null
      builtin print -rn -- $'\n'"code=$?"
    ) } 2>/dev/null || return 1
  (( fd >= 0 )) || return 1
  local -F end=$(( EPOCHREALTIME + _cmdai_patience ))
  {
    while (( EPOCHREALTIME < end )) && sysread -t $(( end - EPOCHREALTIME )) -i $fd chunk 2>/dev/null; do
      out+=$chunk
    done
  } always {    # Ctrl-C ends the function
    { exec {fd}<&- } 2>/dev/null
  }
  [[ $out == *$'\n'code=<-> ]] || return 1
  reply=( "${${out%$'\n'code=*}%%$'\n'#}" "${out##*code=}" )
}

# Judges a text on its own, without a daemon: a process of ours, and without one what every list of accidents
# begins with. Sets `reply` to verdict and reason.
_cmdai_judge_alone() {
  emulate -L zsh -o extended_glob
  local REPLY last
  local -a reply_ found
  local -i there=0
  # It does nothing, and the command takes nothing for a mistake of whoever asked.
  [[ $1 == *[^[:space:]]* ]] || { reply=(allow '') ; return 0 }
  _cmdai_binary && there=1
  if (( ${#1} < 65536 )) && _cmdai_process "$1" check --known $_cmdai_known; then
    last=${reply[1]##*$'\n'}
    case $reply[2] in
      # A program that says nothing (what a full disk left of it) has judged nothing.
      (0) [[ $last == *'verdict: allow'* ]] && { reply=(allow '') ; return 0 } ;;
      (10|11)
        [[ $reply[2] == 10 ]] && reply_=(ask) || reply_=(deny)
        last=${${last#*\(}%\)}
        # The sentence that the daemon gives: the last of the worst findings.
        found=( ${(M)${(f)reply[1]}:#[a-z]##\[[a-z-]##\]:\ *} )
        found=( ${(M)found:#${found[1]%%\[*}\[*} )
        (( $#found )) && last=${found[-1]#*: }
        [[ -n $last ]] || last='it is risky'
        reply=( $reply_ "$last" )
        return 0 ;;
    esac
  fi
  reply=(allow '')
  if (( ${#1} >= 65536 )); then
    reply=(ask 'it is too long to be judged')
  elif (( there )); then
    reply=(ask 'cmdai gave no verdict on it')
  elif [[ $1 == (#i)*(rm[[:space:]]##-|rm[[:space:]]*[[:space:]]-[a-z]#[rf]|mkfs|(dd[[:space:]]*|[[:space:]])of=|\>[[:space:]]#/(dev|etc|boot)/|shred|wipefs|fdisk|parted|shutdown|reboot|poweroff|(ch(mod|own|grp))[[:space:]]*-[a-z]#r|-delete|push[[:space:]]*(--force|-f|[[:space:]]+)|reset[[:space:]]##--hard|git[[:space:]]##clean|\|[[:space:]]#(sudo[[:space:]]##|)(ba|z|da|k|fi|)sh|drop[[:space:]]##(table|database)|destroy|kill[[:space:]]##-9|truncate|:[[:space:]]#\(\)[[:space:]]#\{|base64[[:space:]]##-|eval)* ]]; then
    reply=(ask 'cmdai could not judge it, and it looks as if it could destroy something')
  fi
}

# The text behind the aliases, functions and named folders of this shell that it calls: `zap x` deletes where zap is
# rm -rf. A long function is left out: its branches are of other calls. What `r` and `fc` would run again comes before it.
_cmdai_with_definitions() {
  emulate -L zsh -o extended_glob
  local -A seen named after
  local -a texts=( "$1" ) tokens
  local text token value value_ word name key is_body defined= again= values=
  local fate='it runs a line of the history again, and which one could not be told'
  local -i called start was at target counts deep rounds=0
  # Names that are no words are looked for anywhere: within `$(…)` they would be lost between words.
  for name in ${(k)aliases:#[[:alnum:]_.+:@%-]##}; do
    [[ $1 == *"$name"* && $name != *[[:space:]=\'\"\\\$\`\;\&\|\(\)\<\>]* ]] && (( $#seen < 20 )) || continue
    _cmdai_unhash "$aliases[$name]"
    seen[$name]=1
    defined+="alias -- $name=${(qq)REPLY}"$'\n'
    texts+=( "$REPLY" )
  done
  while (( $#texts && rounds++ < 1000 && $#seen < 300 && $#defined < 16384 )); do
    text=$texts[1]
    texts[1]=()
    deep=0    # in the body of a function only what it calls is followed
    [[ $text == $'\x02'* ]] && text=${text#?} deep=1
    called=1 start=1 target=0 counts=0
    # A quote in a document or a comment would hide what comes behind it: each line for itself, too.
    [[ $text == *$'\n'* && $text == *[\'\"]* && $text == *('<<'|\#)* ]] && texts+=( "${(@)${(@f)text}[1,200]}" )
    tokens=( "${(z@)text}" )
    at=0    # counted beside: asking an array for its length walks it
    for token in "${(@)tokens}"; do
      (( ++at ))
      # The same word at the same place of a command brings nothing new.
      key=$deep$called$start$target$counts$token
      if (( ${+after[$key]} )); then
        word=$after[$key]
        called=${word[1]} start=${word[2]} target=${word[3]} counts=${word[4]}
        continue
      fi
      value= is_body= name=${(Q)token}
      # A word may be handed to what calls it: `retry deploy`, `x=deploy; $x`. It counts where it is called.
      if (( ! deep && at < 3000 && $#seen < 60 && $#defined < 12288 )); then
        for word in "$name" ${(u)=name//[^[:alnum:]_.+:@-]/ } ${(u)=name//[^[:alnum:]_]/ }; do
          (( ! ${+seen[f=$word]} && ${+functions[$word]} && $#functions[$word] < 800 )) || continue
          [[ $functions[$word] != [[:space:]]#'builtin autoload -X'* && $word != _cmdai* ]] || continue
          seen[f=$word]=1
          defined="${(q)word} () {"$'\n'"$functions[$word]"$'\n'"}"$'\n'$defined
          texts+=( $'\x02'"$functions[$word]" )
        done
      fi
      # What is read and written, and where to, may come before the command.
      if (( target )); then
        target=0
        [[ $token == (*'$('*|*\`*|*[\<\>=]'('*) ]] || continue
      elif [[ $token == [0-9]#[\<\>]* && $token != [\<\>]'('* ]]; then
        [[ $token == *[\<\>\&\|\!] ]] && target=1
        [[ $token == (*'$('*|*\`*|*[\<\>=]'('*) ]] || continue
      elif (( counts )); then    # of `repeat`
        counts=0
        [[ $token == (*'$('*|*\`*) ]] || continue
      fi
      # A name may stand for an alias, and within that for a function.
      if (( ! ${+seen[$token]} || called && ! ${+seen[f=$name]} && ${+functions[$name]} )); then
        if (( ${+seen[$token]} )); then
          :
        elif (( ${+galiases[$token]} )); then
          value=$galiases[$token]
          _cmdai_unhash "$value"; value=$REPLY
          defined+="alias -g $token=${(qq)value}"$'\n'
        elif (( called && ${+aliases[$token]} )) && [[ $token != *[[:space:]=\'\"\\\$\`\;\&\|\(\)\<\>]* ]]; then
          value=$aliases[$token]
          _cmdai_unhash "$value"; value=$REPLY
          defined+="alias -- $token=${(qq)value}"$'\n'
        elif (( called && $#saliases )) && [[ $token == ?*.* ]] && (( ${+saliases[${token##*.}]} )); then
          value=$saliases[${token##*.}]
          _cmdai_unhash "$value"; value=$REPLY
          defined+="alias -s ${token##*.}=${(qq)value}"$'\n'
        fi
        if [[ -n $value ]]; then
          [[ $value == (|*[\;\&\|\(\{][[:blank:]]#)(r|fc)(|[[:blank:]]*) && $value != fc[[:blank:]]##-l* ]] && _cmdai_unknown=$fate
        elif (( called && ! ${+seen[f=$name]} && ${+functions[$name]} && $#functions[$name] < 800 )) && [[ $functions[$name] != [[:space:]]#'builtin autoload -X'* ]]; then
          value=$functions[$name] is_body=1
          seen[f=$name]=1
          # Before any alias: what the body means was settled when it was read.
          defined="$token () {"$'\n'"$value"$'\n'"}"$'\n'$defined
        elif (( ${+seen[$token]} )); then
          :
        elif [[ $token == (*'$('*|*\`*|*[\<\>=]'('*) ]]; then
          # What is called within is one token here: all its words, for functions and aliases.
          value=$'\x01;'"${${token//[^[:alnum:]_.+:@%-]/ }// /;}"
          [[ $token == *[\(\`\;\|\&\{][[:blank:]]#(r|fc)([[:blank:]\;\)\`\|\&]*|) ]] && _cmdai_unknown=$fate
        elif [[ $token == *'('*+*')'* ]]; then
          value=$'\x01;'"${${token//[^[:alnum:]_]/ }// /;}"    # *(+f) calls f
        fi
        [[ -n $value ]] && seen[$token]=1 && texts+=( "${is_body:+$'\x02'}$value" )
      fi
      # Text that is a command.
      if (( called )) && [[ $name == (eval|trap) && -n ${tokens[at+1]-} ]]; then
        value_=
        for word in "${(@)tokens[at+1,at+200]}"; do
          [[ $word == (';'|'&'|'&&'|'||'|'|'|'|&'|')'|'}'|$'\n') ]] && break
          value_+=${value_:+ }${(Q)word}
          [[ $name == trap ]] && break
        done
        texts+=( "$value_" )
      fi
      if (( start )) && [[ -z $value && $name == (r|fc) && $text != $'\x01'* ]] && (( ${+builtins[$name]} && ! ${+functions[$name]} )); then
        if _cmdai_recall $name "${(@)tokens[at+1,-1]}"; then
          [[ -n $REPLY ]] && again+=$REPLY$'\n' && (( ! ${+seen[=$REPLY]} )) && seen[=$REPLY]=1 && texts+=( "$REPLY" )
        else
          _cmdai_unknown=$fate
        fi
      fi
      [[ $token == repeat ]] && counts=$called
      # Options of `command`, `exec`, `eval` stand before what they call.
      if [[ $called == 1 && $token == -* ]]; then
        [[ $token == -*a ]] && target=1
      else
        _cmdai_before_command "$token" && called=1 || called=0
        # Behind a word that is an argument, whatever it looks like, nothing is run again: `head -n 5 r`, `cp *.c r`. Behind
        # one at the place of a command that is quoted or may be nothing, as behind a joint, a command stands.
        (( was = start, start = 0 ))
        if [[ $token == ([\;\&\|\(\)\{\}\!]##|\(\(*|*[\]\)][\]\)]|[[:alpha:]_][[:alnum:]_]#(|\[*\])(|+)=*|*\)|$'\n') ]] ||
          (( ${reswords[(Ie)$token]} )); then
          start=1
        elif (( was )) && { [[ $token == [\'\"\$\\\`]* || $name == (-|noglob|nocorrect|command|builtin|exec|eval) ]] ||
          (( called && ${+aliases[$token]} + ${+galiases[$token]} )); }; then
          start=1
        fi
      fi
      [[ $name == (eval|trap|r|fc) ]] || after+=( "$key" $called$start$target$counts )
    done
    # ~name is a folder that was named, or what a variable holds.
    tokens=( "${(@s:~:)text}" )
    for value in "${(@)tokens[2,41]}"; do
      name=${(M)value##[[:alnum:]_.-]##}
      [[ -n $name ]] && (( ! ${+seen[~$name]} )) || continue
      value=${nameddirs[$name]-${_cmdai_named[$name]-}}
      [[ -n $value ]] && seen[~$name]=1 && defined+="hash -d $name=${(qq)value}"$'\n'
    done
    _cmdai_with_parameters "$text"
  done
  (( $#texts )) && _cmdai_unknown='more definitions hang together behind it than are looked at'
  # $_ is the last word of the command before.
  [[ -n $_cmdai_last && $1 == *\$(|\{)_(|[^[:alnum:]_]*) ]] && values+=": $_cmdai_last"$'\n'
  REPLY=$_cmdai_rules$values$defined
  _cmdai_bytes "$REPLY"
  REPLY+=$again$1
}

# The length of a text in bytes, in $_cmdai_known.
_cmdai_bytes() {
  emulate -L zsh -o no_multibyte
  _cmdai_known=${#1}
}

# A text, in REPLY, in which a hash begins no comment where it begins none at the prompt. What a document holds stays: it
# is another program's to read. With `out` as $2 documents are left out, and nothing else is changed.
_cmdai_unhash() {
  emulate -L zsh -o extended_glob
  local -a match mbegin mend    # the user's own stay
  REPLY=$1
  if [[ ${2-} == out ]]; then
    [[ $1 == *'<<'* ]] || return 0
  else
    [[ $1 == (|*[[:space:]\;\|\&\(\)\`\<\>\{])\#* ]] && (( ! _cmdai_comments )) || return 0
  fi
  local line word
  local -a lines=( "${(@f)1}" ) ends out
  local -i at at_tabs
  for (( at = 1; at <= $#lines; at++ )); do
    line=$lines[at]
    if (( $#ends )); then
      # Tabs before its end count for nothing behind `<<-`.
      [[ $line == "$ends[1]" || $ends[1] == $'\t'* && ${line##$'\t'#} == "${ends[1]#?}" ]] && shift ends
      [[ ${2-} == out ]] || out+=( "$line" )
      continue
    fi
    if [[ $line == *'<<'* ]]; then
      for word in "${(@)${(@s:<<:)line}[2,9]}"; do
        [[ $word == -* ]] && at_tabs=1 || at_tabs=0
        word=${${word#-}##[[:blank:]]#}
        word=${(Q)${(M)word##[^[:space:]\;\|\&\<\>\(\)]##}}
        [[ -n $word ]] || continue
        # A document is one whose end stands in a line of its own.
        if (( at_tabs && ${${(@)lines[at+1,-1]##$'\t'#}[(Ie)$word]} )); then
          ends+=( $'\t'"$word" )
        elif (( ${lines[at+1,-1][(Ie)$word]} )); then
          ends+=( "$word" )
        fi
      done
    fi
    if [[ ${2-} == out || $line != *\#* ]]; then
      out+=( "$line" )
    else
      out+=( "${${line/#\#/\\#}//(#b)([[:space:]\;\|\&\(\)\`\<\>\{])\#/$match[1]\\#}" )
    fi
  done
  REPLY=${(F)out}
}

# Takes down all that a verdict needs to know of the line and of this shell, before any local of ours hides a parameter:
# the text that would run, and what the parameters hold that it names.
_cmdai_gather() {
  emulate -L zsh -o extended_glob
  _cmdai_gathered=0 _cmdai_unseen=0 _cmdai_values=() _cmdai_named=()
  _cmdai_expand
  _cmdai_see_values
  _cmdai_gathered=1
}

_cmdai_expand() {
  local REPLY
  _cmdai_what_runs
  # With sun_keyboard_hack a backquote at the end that closes nothing was hit by mistake.
  (( _cmdai_sun )) && REPLY=${REPLY%\`}
  _cmdai_line=$REPLY
}

# `rm -rf $target`: what the parameters hold that the line names, or what its aliases and functions do, or a value.
# Specials are known as such or change by themselves, and what is secret by its name stays unknown unless it is a path,
# as does where the history is kept. A local is of the widget around us, and hides what the line will mean: where there
# is one, $_cmdai_unseen, the line is judged once more when that widget is over.
_cmdai_see_values() {
  emulate -L zsh -o extended_glob
  local _cmdai_name _cmdai_kind _cmdai_value _cmdai_text=${_cmdai_line[1,60000]} _cmdai_more=${_cmdai_line[1,20000]}
  local -a _cmdai_parts
  local -A _cmdai_met
  local -i _cmdai_at
  for (( _cmdai_at = 0; _cmdai_at < 4; _cmdai_at++ )); do
    _cmdai_parts=( ${(u)=_cmdai_more//[^[:alnum:]_.+:@%-]/ } )
    _cmdai_more=
    for _cmdai_name in "${(@)_cmdai_parts[1,3000]}"; do
      (( ! ${+_cmdai_met[$_cmdai_name]} )) || continue
      _cmdai_met[$_cmdai_name]=1
      _cmdai_more+=" ${aliases[$_cmdai_name]-} ${galiases[$_cmdai_name]-}"
      (( ${#functions[$_cmdai_name]-} < 800 )) && _cmdai_more+=" ${functions[$_cmdai_name]-}"
    done
    [[ $_cmdai_more == *[^[:space:]]* ]] && (( $#_cmdai_more < 20000 )) || break
    _cmdai_text+=$_cmdai_more
  done
  # What `r` and `fc` run again names parameters, too.
  (( ${+_cmdai_met[r]} || ${+_cmdai_met[fc]} )) && _cmdai_text+=" ${(j: :)${(@)history[@]}[1,30]}"
  _cmdai_parts=( "${(@)${(@s:~:)_cmdai_text}[2,41]}" )
  for _cmdai_name in "${(@)_cmdai_parts}"; do    # ~name
    _cmdai_name=${(M)_cmdai_name[1,100]##[[:alpha:]_][[:alnum:]_]#}
    [[ -n $_cmdai_name && $_cmdai_name != _cmdai* ]] || continue
    _cmdai_kind=${(tP)_cmdai_name-}
    [[ $_cmdai_kind == *local* ]] && _cmdai_unseen=1
    [[ $_cmdai_kind == scalar* && ${(P)_cmdai_name} == /* ]] && _cmdai_named[$_cmdai_name]=${(P)_cmdai_name}
  done
  _cmdai_parts=( "${(@)${(@s:$:)_cmdai_text}[2,2000]}" )
  for (( _cmdai_at = 1; _cmdai_at <= $#_cmdai_parts && _cmdai_at <= 4000; _cmdai_at++ )); do
    # Its beginning: a long rest would be copied and searched at every step.
    _cmdai_name=${${${_cmdai_parts[_cmdai_at][1,300]}#\{}##[=~^+]#}
    [[ $_cmdai_name == \(* ]] && _cmdai_name=${${_cmdai_name#*\)}##[=~^]#}
    _cmdai_name=${(M)_cmdai_name##[[:alpha:]_][[:alnum:]_]#}
    [[ -n $_cmdai_name && $_cmdai_name != (_cmdai*|HIST*|SAVEHIST) ]] && (( ! ${+_cmdai_values[$_cmdai_name]} )) || continue
    (( $#_cmdai_values < 200 )) || { _cmdai_unknown='it names more values than are looked at'; break }
    _cmdai_values[$_cmdai_name]=
    _cmdai_kind=${(tP)_cmdai_name-}
    [[ $_cmdai_kind == *local* ]] && { _cmdai_unseen=1; continue }
    [[ $_cmdai_kind == (scalar|integer|float|array|association)* && $_cmdai_kind != *(special|hide)* ]] || [[ $_cmdai_name == OLDPWD ]] || continue
    _cmdai_value=${(j: :)${(@P)_cmdai_name}}
    (( $#_cmdai_value < 8000 )) || continue
    if [[ $_cmdai_name == (#i)*(token|secret|pass|pwd|key|cred|auth|cookie|session|jwt|dsn|url|webhook)* ]]; then
      # A path, an option or a command is none.
      if [[ $_cmdai_value != (-*|*[[:space:]]-*) ]]; then
        [[ $_cmdai_value == /[^/]* ]] || continue
        _cmdai_more=${_cmdai_value#/}
        _cmdai_more=${_cmdai_more%%[/[:space:]]*}
        [[ -d /$_cmdai_more ]] || continue
      fi
    fi
    [[ $_cmdai_value == *\$* ]] && _cmdai_parts+=( "${(@)${(@s:$:)_cmdai_value}[2,100]}" )
    if [[ $_cmdai_kind == array* ]]; then
      (( ${#${(P)_cmdai_name}} <= 200 )) && _cmdai_values[$_cmdai_name]="$_cmdai_name=( ${(j: :)${(@qq)${(@P)_cmdai_name}}} )"
    elif [[ $_cmdai_kind == association* ]]; then
      (( ${#${(P)_cmdai_name}} <= 200 )) && _cmdai_values[$_cmdai_name]="typeset -A $_cmdai_name=( ${(j: :)${(kvqq@)${(P)_cmdai_name}}} )"
    else
      _cmdai_values[$_cmdai_name]="$_cmdai_name=${(qq)_cmdai_value}"
    fi
  done
}

# Puts these values before the text, in `values`; where a value is read as code, what it calls is looked at too.
_cmdai_with_parameters() {
  local text_=$1 name_
  local -i is_code=0
  [[ $text_ == *(eval|source|'$='|'${='|'${('[^\)]#[ez]|sh[[:blank:]]##-[[:alpha:]]#c)* || $_cmdai_rules == *sh_word_split* ]] && is_code=1
  for name_ in "${(@k)_cmdai_values}"; do
    [[ -n $_cmdai_values[$name_] ]] || continue
    [[ $text_ == *[\$\{\)=~^+]$name_(|[^[:alnum:]_]*) ]] && (( ! ${+named[$name_]} )) || continue
    named[$name_]=1
    values+=$_cmdai_values[$name_]$'\n'
    if (( is_code )); then
      texts+=( "${(Q)_cmdai_values[$name_]#*=}" )
    else
      texts+=( $'\x01;'"${(Q)_cmdai_values[$name_]#*=}" )    # for names of functions, which it may call
    fi
  done
}

# The lines of the history that `$1 $2 ...` ($1 is r or fc) would run again, in REPLY; 1 where that cannot be told.
_cmdai_recall() {
  emulate -L zsh -o extended_glob -o no_aliases
  local word line text
  local -a words changes
  local -i options=1
  REPLY=
  shift
  for word; do
    [[ $word == (';'|';;'|'&'|'&&'|'||'|'|'|'|&'|')'|'}') ]] && break
    [[ $word == *[\$\`\*\?\[\<\>\~\{]* ]] && return 1
    words+=( "${(Q)word}" )
  done
  while (( $#words )) && [[ $words[1] == -* && $words[1] != -<-> ]]; do
    word=$words[1]
    shift words
    case $word in
      (-|--) break ;;
      (-[^e]#[lpPARW]*) return 0 ;;    # lists, or keeps; behind an e there is the name of an editor
      (-[^e]#[mt]*) return 1 ;;
      (-*e) (( $#words )) && shift words ;;
    esac
  done
  while (( $#words )) && [[ $words[1] == *=* ]]; do
    [[ $words[1] == ?*=* ]] || return 1
    changes+=( "$words[1]" )
    shift words
  done
  (( $#words <= 2 )) || return 1
  for line in "${(@f)$(fc -l "${words[1]:--1}" "${words[-1]:--1}" 2>/dev/null)}"; do
    line=${${line##[[:space:]]#}%%[^0-9]*}
    [[ -n $line && -n ${history[$line]-} ]] || return 1
    text=$history[$line]
    for word in "${changes[@]}"; do text=${text//"${word%%=*}"/${word#*=}}; done
    REPLY+=${REPLY:+$'\n'}$text
  done
  [[ -n $REPLY ]]
}

# What zsh's own spelling correction may make of the text, in `reply`; it comes after every hook. Of `$2` words (first: of
# commands that are not there; all). Where a command may stand is told generously, and what such a word would become there
# is said by zsh itself: so the text with every word changed comes first, and each change alone behind it.
_cmdai_corrected() {
  emulate -L zsh -o extended_glob
  local buffer=$BUFFER token word before= rest=$1
  local -i cursor=$CURSOR called=1 asked=0 target=0
  local typed=
  reply=()
  # Of so long a text nothing is tried: each step copies it, and zsh itself asks before it corrects.
  (( $#1 < 5000 )) || return 0
  for token in "${(z@)1}"; do
    # A newline is told as a semicolon.
    [[ $token == ';' && $rest == *$'\n'* && ${rest%%$'\n'*} != *';'* ]] && token=$'\n'
    [[ $rest == *"$token"* ]] || continue
    before+=${rest%%"$token"*}
    typed+=${rest%%"$token"*}
    rest=${rest#*"$token"}
    if [[ $token == [^-[:space:]\'\"\\\$\`\(\)\<\>\|\&\;\*\?\[\]\{\}\^\#=\~][^[:space:]\'\"\\\$\`\(\)\<\>\|\&\;\*\?\[\]\{\}\^\#=]# ]] &&
      (( $2 || called )) && ! _cmdai_is_command "$token"; then
      (( ++asked > 50 )) && { _cmdai_unknown='it has more words to be corrected than could be looked at'; break }
      word=$token
      if (( called )); then
        BUFFER=$token CURSOR=$#token
        zle .spell-word 2>/dev/null
        _cmdai_is_command "$BUFFER" && word=$BUFFER
      fi
      if (( $2 )) && [[ $word == "$token" ]]; then
        BUFFER=": $token"
        CURSOR=$#BUFFER
        zle .spell-word 2>/dev/null
        word=${BUFFER#: }
      fi
      before+=$word
      (( called )) && [[ $word != "$token" ]] && reply+=( "$typed$word$rest" )
    else
      before+=$token
    fi
    typed+=$token
    if [[ $token == *[\<\>](|[\|!\&\<\>-]*) && $token != [\<\>=]'('* ]]; then
      called=1 target=1
    elif (( target )); then
      target=0
    else
      _cmdai_before_command "$token" && called=1 || called=0
    fi
  done
  BUFFER=$buffer
  CURSOR=$cursor
  [[ $before$rest != "$1" && $before$rest != "${reply[1]-}" ]] && reply=( "$before$rest" "${reply[@]}" )
}

# True where a command may stand behind this token. Told generously: behind a plain word comes an argument, and behind
# anything else a command may stand. The word behind an alias that ends in a blank is expanded too, as in
# alias sudo='sudo '; behind one that is itself such a prefix, or a joint, a command stands.
_cmdai_before_command() {
  [[ $1 == [[:alnum:]_./+:@%,-]## && $1 != (<->|-|noglob|nocorrect|command|builtin|exec|eval) ]] || return 0
  local value=${galiases[$1]-${aliases[$1]-}}
  (( ${reswords[(Ie)$1]} )) ||
    [[ $value == *([[:blank:]]|'&'|'|'|\;) || ${value##*[[:blank:]]} == (noglob|nocorrect|command|builtin|exec|time|eval|sudo) ]]
}

# True where a command can be called by this name.
_cmdai_is_command() {
  (( ${+commands[$1]} || ${+functions[$1]} || ${+builtins[$1]} || ${+aliases[$1]} || ${reswords[(Ie)$1]} ))
}

# The verdict on a text and on what zsh would make of it: `reply` as of `_cmdai_judge`.
_cmdai_weigh() {
  emulate -L zsh -o extended_glob
  local REPLY
  local -a match mbegin mend    # the user's own stay
  _cmdai_judge "$1"
  # Where a hash begins no comment, what stands behind it runs.
  _cmdai_unhash "$1"
  _cmdai_read_as=$REPLY _cmdai_by_correction=0
  if [[ $_cmdai_read_as != "$1" ]]; then
    local -a before=( "${(@)reply}" )
    _cmdai_judge "$_cmdai_read_as"
    [[ $before[1] == allow || $before[2] == (#i)'the line is not finished'(|.) ]] || reply=( "${(@)before}" )
  fi
  if (( _cmdai_corrects )); then
    local text
    local -a first=( "${(@)reply}" ) texts
    _cmdai_corrected "$1" $(( _cmdai_corrects == 2 ))
    texts=( "${(@)reply}" ) reply=( "${(@)first}" )
    # What is corrected may be whole where it is not as it was typed.
    (( $#texts )) && _cmdai_by_correction=1
    for text in "${(@)texts}"; do
      [[ $reply[1] == allow ]] || break
      _cmdai_judge "$text"
    done
  fi
  [[ $reply[1] == allow && -n $_cmdai_unknown ]] && reply=(ask "$_cmdai_unknown")
  return 0
}

# Judges a text: by the daemon within the deadline, else alone. Sets `reply` to verdict and reason.
_cmdai_judge() {
  emulate -L zsh
  if (( ${#1} >= 65536 )); then
    reply=(ask 'it is too long to be judged')
    return
  fi
  local REPLY
  _cmdai_with_definitions "$1"
  local whole=$REPLY
  if [[ $CONTEXT != start ]] || _cmdai_private "$1"; then
    _cmdai_judge_alone "$whole"
    return
  fi
  # What was judged while it was typed knows nothing of options; without such characters they change nothing.
  if [[ -n $_cmdai_rules && $whole != *[\$\^\#\~\*\?\(\<\[\{]* ]]; then
    whole=${whole#"$_cmdai_rules"}
    (( _cmdai_known -= $#_cmdai_rules ))
  fi
  if [[ $whole == "$_cmdai_judged_text" && $PWD == "$_cmdai_judged_cwd" && $_cmdai_judged == allow ]]; then
    reply=(allow '')
    return
  fi
  if (( $#whole > 60000 )) || ! _cmdai_connect; then
    _cmdai_judge_alone "$whole"
    return
  fi
  local text chunk line
  local -a f
  _cmdai_field "$whole"; text=$REPLY
  _cmdai_field "$PWD"
  local -i id=$(( ++_cmdai_seq ))
  if ! _cmdai_send "C"$'\t'"$id"$'\t'"$text"$'\t'"$REPLY"$'\t'"$_cmdai_known"; then
    _cmdai_judge_alone "$whole"
    return
  fi
  # Other answers that come first are taken as ever, but for a suggestion: the line is finished.
  _cmdai_suggest_id=0
  local -F end=$(( EPOCHREALTIME + _cmdai_deadline ))
  while (( EPOCHREALTIME < end )) && sysread -t $(( end - EPOCHREALTIME )) -i $_cmdai_fd chunk 2>/dev/null; do
    _cmdai_rx+=$chunk
    while [[ $_cmdai_rx == *$'\n'* ]]; do
      line=${_cmdai_rx%%$'\n'*}
      _cmdai_rx=${_cmdai_rx#*$'\n'}
      f=( "${(@ps:\t:)line}" )
      if [[ ${f[2]-} != $id ]]; then
        _cmdai_take "$line"
        continue
      fi
      # A daemon that had no time for it has not judged it.
      if [[ $f[1] == c && ${f[3]-} == (allow|ask|deny) && ${f[6]-} != late ]]; then
        _cmdai_heard=1 _cmdai_fails=0
        _cmdai_text "${f[5]-}"
        reply=( $f[3] "${${REPLY//$'\n'/ }:-it is ${f[4]:-risky}}" )
        return 0
      fi
      _cmdai_judge_alone "$whole"
      return
    done
  done
  # One missed deadline is enough: the next lines do not wait for this daemon.
  _cmdai_unwell
  _cmdai_judge_alone "$whole"
}

# What would run, in REPLY: the line as typed, with history references in place. Why that cannot be told yet, in
# $_cmdai_unknown: of several lines zsh runs the first before it looks what a reference in a later one stands for.
_cmdai_what_runs() {
  emulate -L zsh -o extended_glob
  REPLY="$PREBUFFER$BUFFER"
  _cmdai_unknown=
  (( _cmdai_bang )) || return 0
  local chars=${histchars-!^#}
  local bang=${chars[1]} hat=${chars[2]} word
  # Before a blank, `=` or `(` it is none, and in a document nothing is looked for.
  [[ -n $bang && $BUFFER == *"$bang"[^[:space:]=\(]* || -n $hat && $BUFFER == (|*$'\n')[[:space:]]#"$hat"* ]] || return 0
  _cmdai_unhash "$BUFFER" out
  local typed=$REPLY
  REPLY="$PREBUFFER$BUFFER"
  [[ -n $bang && $typed == *"$bang"[^[:space:]=\(]* || -n $hat && $typed == (|*$'\n')[[:space:]]#"$hat"* ]] || return 0
  if [[ -n $PREBUFFER && $BUFFER == [[:space:]]#"${hat:-x}"* ]]; then
    [[ -n $bang && $typed == *"$bang"* ]] || return 0    # only the first character of all is one
    _cmdai_unknown='what its history references stand for could not be told'
    return 0
  fi
  # A quote that began in an earlier line, or rules of the user's own for references: not as this line alone would have it.
  if (( _cmdai_odd_history )) || [[ $PREBUFFER == *[\'\"]* ]]; then
    _cmdai_unknown='what its history references stand for could not be told'
    return 0
  fi
  if [[ $typed == *$'\n'* ]]; then
    local later=${typed#*$'\n'} rest=$typed
    if [[ -n $hat && $later == (|*$'\n')[[:space:]]#"$hat"* ]] || (( $#later > 20000 )); then
      _cmdai_unknown='a later line of it may stand for one that ran before it'
    elif [[ -n $bang && $later == *"$bang"* ]]; then
      for word in "${(z@)typed}"; do
        [[ $rest == *"$word"* ]] && rest=${rest#*"$word"}
        (( $#rest < $#later )) && [[ ${${word//\'[^\']#\'/}//[\$\\]"$bang"/} == *"$bang"[^[:space:]=\(\"]* ]] || continue
        _cmdai_unknown='a later line of it may stand for one that ran before it'
        break
      done
    fi
  fi
  local buffer=$BUFFER
  local -i cursor=$CURSOR
  zle .expand-history 2>/dev/null
  REPLY="$PREBUFFER$BUFFER"
  [[ $BUFFER == "$buffer" ]] || { BUFFER=$buffer; CURSOR=$cursor }
}

# True where zsh itself takes a text for unfinished and will ask for the rest, so that none of it runs now. The
# body of a function is parsed and not run; at its end, a list or a here-document is taken for finished.
_cmdai_goes_on() {
  emulate -L zsh -o extended_glob
  [[ $1 == *('&&'|'||')[[:space:]]# || $1 == *'<<'* ]] && return 0
  [[ $1 == *\\ && $1 != *\\\\ ]] && return 0
  _cmdai_whole "$1" || return 0
  # As the body of a function the head of a loop or of a function is whole. With an end to it, nothing but what stands
  # there would run.
  local end
  local -a reply
  for end in $'\ndo :; done' $'\n{ :; }'; do
    _cmdai_judge "$1$end"
    [[ $reply[1] == allow ]] && return 0
  done
  return 1
}

# True where a text can be parsed as the body of a function.
_cmdai_whole() {
  emulate -L zsh
  # Behind `if LIST { … }` zsh waits for what comes next: the end of the line does.
  { functions[_cmdai_probe]=$1$'\n' } 2>/dev/null
  (( ${+functions[_cmdai_probe]} )) || return 1
  unset 'functions[_cmdai_probe]'
}

# True where a text ends in a backslash or an operator that takes the next line in: the body of a function may end there,
# a line may not.
_cmdai_ends_open() {
  emulate -L zsh -o extended_glob
  # Its end tells, and looking for it in a long text takes the square of its length.
  local text=${1[-200,-1]}
  local slashes=${text##*[^\\]}
  (( $#slashes % 2 || $#slashes == 200 )) && return 0
  text=${text%%[[:blank:]]#}
  [[ $text == *('&&'|'||') ]] || return 1
  text=${text[1,-3]}
  slashes=${text##*[^\\]}    # with one before it, the operator is half a word
  (( $#slashes % 2 == 0 ))
}

# The same, where a comment at its end may not hide how it ends.
_cmdai_goes_over() {
  emulate -L zsh
  [[ $1 == *\#* ]] && (( _cmdai_comments )) && return 1
  _cmdai_ends_open "$1"
}

# True where a line of nothing but blanks, which is about to be accepted, lets nothing run: it would where it ends a line
# that went on behind a backslash, or a document that ends at an empty line.
_cmdai_nothing_runs() {
  emulate -L zsh -o extended_glob
  [[ $BUFFER != *[^[:space:]]* ]] && ! _cmdai_blank_ends
}

_cmdai_blank_ends() {
  emulate -L zsh -o extended_glob
  [[ -n $PREBUFFER ]] || return 1
  local before=${${PREBUFFER%$'\n'}[-200,-1]}
  local slashes=${before##*[^\\]}
  (( $#slashes % 2 )) || [[ $PREBUFFER == *'<<'(-|)[[:blank:]]#(\'\'|\"\")* ]]
}

# True where no part of a text is whole, so that zsh asks for the rest before any of it runs. Where zsh would end a loop
# or a quote by other rules than the probe ($2 is 1), nothing is known; nor where another character begins a comment. A hash
# that begins one in the probe and none at the prompt is to be escaped in the text.
_cmdai_runs_later() {
  emulate -L zsh
  (( $2 )) && return 1
  [[ ${histchars[3]:-#} != \# && $1 == *"${histchars[3]}"* || "${(v)aliases} ${(v)galiases}" == *\#* ]] && return 1
  # As a whole first, which tells of most, then as long as the beginnings are not too much to be read.
  local part='' line
  local -a lines=( "${(@f)1}" )
  local -i read=0
  _cmdai_goes_over "$lines[-1]" || ! _cmdai_whole "$1" || return 1
  for line in "${lines[@]}"; do
    part+=${part:+$'\n'}$line
    [[ $part == *[^[:space:]]* ]] || continue
    _cmdai_goes_over "$line" && continue
    (( (read += $#part) > 100000 )) && return 1
    _cmdai_whole "$part" && return 1
  done
  return 0
}

# True where text came together with the Enter, pasted or typed ahead: nobody waits for an answer, and the text behind
# the line is another line, not more of its words. Another Enter is none.
_cmdai_followed() {
  emulate -L zsh
  local key
  while (( PENDING || KEYS_QUEUED_COUNT )) && builtin read -k 1 key 2>/dev/null; do
    [[ $key == [$'\r\n'] ]] && continue
    zle -U -- "$key"
    [[ $key == ([[:print:]]|$'\t') ]]
    return
  done
  return 1
}

# Before a line is accepted by widget $1. True: it may run. False: it stays, with a question or an answer below. An error
# on the way, whatever it is, is no verdict.
_cmdai_guard() {
  local _cmdai_own_rules=0
  if [[ -o csh_junkie_loops || -o csh_junkie_quotes || -o ignore_braces || -o ignore_close_braces || -o sh_glob ||
    -o rc_quotes || -o posix_aliases || -o alias_func_def || ! -o aliases ]]; then
    _cmdai_own_rules=1
  fi
  emulate -L zsh -o extended_glob -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  [[ -n "$_cmdai_pass" && "$PREBUFFER$BUFFER" == "$_cmdai_cleared" ]] && return 0
  _cmdai_may=
  { _cmdai_gather } always { TRY_BLOCK_ERROR=0 }
  { _cmdai_look "$1" || : } always { TRY_BLOCK_ERROR=0 }
  [[ "$_cmdai_may" == '' ]] && { { _cmdai_no_verdict "$1" || : } always { TRY_BLOCK_ERROR=0 } }
  if [[ "$_cmdai_may" == '' ]]; then
    # Not even the question could be asked.
    _cmdai_armed=0
    if [[ "${_cmdai_unsure-}" == "$PREBUFFER$BUFFER" ]] && (( EPOCHREALTIME > _cmdai_unsure_at + 1 )); then
      _cmdai_may=yes _cmdai_cleared="$PREBUFFER$BUFFER" _cmdai_unsure=
    else
      typeset -g _cmdai_unsure="$PREBUFFER$BUFFER" _cmdai_unsure_at="$EPOCHREALTIME"
      zle -M 'cmdai: no verdict was reached; Enter a second from now or later runs the line'
    fi
  fi
  [[ "$_cmdai_may" == yes ]]
}

_cmdai_no_verdict() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_armed=1
  _cmdai_quiet
  _cmdai_arm "$1" "$PREBUFFER$BUFFER" ask 'no verdict was reached: something failed on the way'
  _cmdai_may=no
}

# The guard itself: its answer is yes or no in $_cmdai_may.
_cmdai_look() {
  emulate -L zsh -o extended_glob
  # A prompt of its own (`vared`), or one of another widget within this line: nothing runs.
  if [[ $CONTEXT != (start|cont) ]] || (( ${ZLE_RECURSIVE:-0} )); then
    _cmdai_may=yes
    return 0
  fi
  (( ${+_cmdai_max} )) || _cmdai_configure
  [[ -n $_cmdai_shown || -n $_cmdai_ghost ]] && _cmdai_clear
  # A hash and nothing behind it is no command either.
  local words=
  [[ $BUFFER == \#* ]] && words=${BUFFER%%$'\n'##}    # a paste may bring the end of its line along
  if [[ $CONTEXT == start && $words == \#([[:blank:]]##[^[:space:]]*|[[:blank:]]#) && $words != *$'\n'* ]] && (( _cmdai_comment_on )); then
    _cmdai_may=no
    if _cmdai_followed; then
      CURSOR=${#BUFFER}
      LBUFFER+=$'\n'
    else
      BUFFER=$words
      _cmdai_generate
    fi
    return 0
  fi
  if (( ! _cmdai_guard_on )) || _cmdai_nothing_runs; then
    _cmdai_may=yes _cmdai_cleared="$PREBUFFER$BUFFER"
    return 0
  fi
  local text=$_cmdai_line typed="$PREBUFFER$BUFFER"
  local -a reply
  (( _cmdai_gathered )) || return 0    # no verdict
  if [[ -n $_cmdai_pass && $text == "$_cmdai_pass" ]]; then
    _cmdai_may=yes _cmdai_cleared=$typed
    return 0
  fi
  # A command that comes now would take the place of what is judged.
  [[ -z $_cmdai_request ]] || _cmdai_cancel
  _cmdai_weigh "$text"
  [[ "$PREBUFFER$BUFFER" == "$typed" ]] || return 0    # of another line
  # A loop or a quote that goes on in the next line is no question yet: nothing runs before it is whole, and then all
  # of it is judged.
  if (( ! _cmdai_by_correction )); then
    [[ $reply[1] == ask && $reply[2] == (#i)'the line is not finished'(|.) ]] && _cmdai_goes_on "$_cmdai_read_as" && reply=(allow '')
    [[ $reply[1] == (ask|deny) ]] && _cmdai_runs_later "$_cmdai_read_as" $_cmdai_own_rules && reply=(allow '')
  fi
  if [[ $reply[1] == allow ]]; then
    _cmdai_may=yes
    (( _cmdai_unseen )) || _cmdai_cleared=$typed
    return 0
  fi
  [[ $reply[1] == (ask|deny) ]] || return 0    # no verdict
  _cmdai_armed=1    # from here on no ghost comes, also not while the keys are thrown away
  _cmdai_quiet
  _cmdai_arm "$1" "$text" $reply[1] "$reply[2]"
  _cmdai_may=no
}

# Throws away what was typed ahead or pasted unbracketed, until a quarter of a second brings nothing: a question
# must be seen before it can be answered.
_cmdai_quiet() {
  emulate -L zsh
  local key
  local -F end=$(( EPOCHREALTIME + 5 ))
  while (( EPOCHREALTIME < end )); do
    if (( KEYS_QUEUED_COUNT || PENDING )); then
      builtin read -k 1 key 2>/dev/null || break
    else
      builtin read -t 0.25 -k 1 key 2>/dev/null || break
    fi
  done
}

# Asks about the line, which would run by widget $1 as the text $2: verdict $3, reason $4.
_cmdai_arm() {
  emulate -L zsh
  _cmdai_disarm
  _cmdai_clear
  _cmdai_armed=1 _cmdai_armed_widget=$1 _cmdai_armed_text=$2 _cmdai_armed_verdict=$3 _cmdai_armed_reason=$4
  _cmdai_armed_buffer=$BUFFER
  _cmdai_question_keys
  local chord=${_cmdai_keys[confirm]%% *}
  [[ $chord == '^[^M' ]] && chord=Alt-Enter
  if [[ $3 == deny ]]; then
    _cmdai_show_question "cmdai: denied: $4"$'\n'"Not run. $chord overrides, any other key edits the line." "$chord overrides: $4"
  else
    _cmdai_show_question "cmdai: $4"$'\n'"Not run yet. $chord runs it, any other key edits the line." "$chord runs it: $4"
  fi
}

# While a question stands, every keymap that may be read from is one of ours, in which each key but the chord ends the
# question and is then read again as ever. Nothing in it begins with Escape, so that no KEYTIMEOUT makes a chord of an
# Escape and an Enter that follows it at some time.
_cmdai_question_keys() {
  emulate -L zsh
  local map key chord
  if (( ! ${+widgets[_cmdai-end]} )); then
    zle -N _cmdai-end
    zle -N _cmdai-escape
    bindkey -N _cmdai-question
    bindkey -M _cmdai-question -R '^@-\M-^?' _cmdai-end
    bindkey -M _cmdai-question '^[' _cmdai-escape
    for key in ${(s: :)_cmdai_keys[confirm]}; do
      chord=${(g:ceo:)key}
      if [[ $chord == $'\e'?* ]]; then
        _cmdai_chords+=( "$chord" )
      else
        bindkey -M _cmdai-question -- "$key" _cmdai-confirm
      fi
    done
  fi
  local -aU maps=( main emacs viins vicmd visual viopp ${KEYMAP-} )
  for map in $maps; do
    bindkey -A $map _cmdai-kept-$map 2>/dev/null || continue
    bindkey -A _cmdai-question $map 2>/dev/null && _cmdai_armed_maps+=( $map ) || bindkey -D _cmdai-kept-$map
  done
}

# Shows the question as a part of what the editor draws behind the line: a message under it is wiped when the window
# changes its size or the prompt is drawn again, and no hook would tell. Where there is no room for that, it stands above
# the line; and where the line itself fills the screen, below all of it, until the next key. Where not even its
# last sentence fits a screen of three rows and less, the short form ($2) stands there alone.
_cmdai_show_question() {
  emulate -L zsh
  local REPLY
  _cmdai_wrap "$1"
  # What was pasted may not have been drawn yet, and nobody would know how many rows it takes.
  zle -R
  _cmdai_armed=1
  local line
  local -i rows=0 last=0 one own=${BUFFERLINES:-1}
  local -a above=( "${(@f)${(%%)PROMPT-}}" )    # rows of the prompt
  for line in "${(@f)REPLY}"; do
    [[ $line == 'Not run'* ]] && last=0
    (( one = ${(m)#line} / (COLUMNS > 0 ? COLUMNS : 80) + 1, rows += one, last += one ))
  done
  _cmdai_armed_size="$COLUMNS $LINES" _cmdai_armed_cols=$COLUMNS _cmdai_armed_rows=$own
  if (( LINES > 0 && LINES < 4 && own + last > LINES )) && [[ -n ${2-} && ! -o single_line_zle ]] && (( ! _cmdai_flat )); then
    _cmdai_question_below "${${2//[^[:print:]]/ }[1,COLUMNS-2]}" && return 0
  fi
  if (( LINES > 0 && own > 2 && own + $#above - 1 + rows > LINES )) && [[ ! -o single_line_zle ]] && (( ! _cmdai_flat )); then
    _cmdai_question_below "$REPLY" && return 0
  fi
  _cmdai_above "$REPLY" && return 0
  _cmdai_question=$'\n'$REPLY
  POSTDISPLAY=$_cmdai_question
  (( CURSOR == ${#BUFFER} )) && _cmdai_erase
  return 0
}

# Prints the question below the line and waits for a key, which is then read as ever: the next redraw of a line that
# fills the screen pushes the question out, so that there is none before that key. Whoever draws in between makes it ask
# again.
_cmdai_question_below() {
  emulate -L zsh
  local key
  local -a rows=( "${(@f)1}" )
  local -i fd out=-1
  for fd in 2 1; do [[ -t $fd ]] && out=$fd; done
  (( out >= 0 )) || return 1
  _cmdai_close    # an answer would draw
  while true; do
    _cmdai_armed=1
    # `zle -I` would give the terminal back to the line discipline, and no key would come alone.
    builtin print -rn -u $out -- $'\e['$LINES$';1H\r\n'"${(pj:\r\n:)rows} "
    _cmdai_waiting=1 _cmdai_armed_size="$COLUMNS $LINES"
    builtin read -k 1 key || { _cmdai_disarm; return 0 }
    [[ $_cmdai_waiting == 1 && $_cmdai_armed_size == "$COLUMNS $LINES" ]] && break
    _cmdai_quiet
  done
  _cmdai_waiting=0 _cmdai_armed=1
  zle .clear-screen    # the line is all there was to be seen, and the question is over
  zle -U -- "$key"
  return 0
}

# True where the question is on the screen.
_cmdai_question_stands() {
  emulate -L zsh
  [[ -z $_cmdai_question || $POSTDISPLAY == "$_cmdai_question" ]] || return 1
  [[ $_cmdai_armed_size == "$COLUMNS $LINES" ]] && return 0
  # Another size: it is drawn again, if there is room.
  [[ -n $_cmdai_question ]] && (( COLUMNS > 0 )) || return 1
  local line
  local -i rows=$(( _cmdai_armed_rows * ((_cmdai_armed_cols + COLUMNS - 1) / COLUMNS) ))
  for line in "${(@f)${_cmdai_question#?}}"; do (( rows += ${(m)#line} / COLUMNS + 1 )); done
  (( rows <= LINES ))
}

# Any key that is no chord ends the question, and does what it does.
_cmdai-end() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_disarm
  zle -U -- "$KEYS"
}

# Escape: the chord where the rest of it came with it, as a terminal sends it; else a key like any other.
_cmdai-escape() { _cmdai_is_chord && _cmdai-confirm; return 0 }

_cmdai_is_chord() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  local keys=$'\e' key chord
  while true; do
    if (( PENDING || KEYS_QUEUED_COUNT )); then
      builtin read -k 1 key 2>/dev/null || break
    else
      builtin read -t 0.02 -k 1 key 2>/dev/null || break
    fi
    keys+=$key
    (( ${_cmdai_chords[(Ie)$keys]} )) && return 0
    for chord in "${_cmdai_chords[@]}"; do
      [[ $chord == "$keys"* ]] && continue 2
    done
    break
  done
  _cmdai_disarm
  zle -R
  if [[ $keys == $'\e' ]]; then
    # Nothing more where it only begins other keys: it would make another key of the next one.
    local -a reply
    _cmdai_ask_keys $KEYMAP '^['
    [[ ${reply[1]-} != *\" && ${${reply[1]-}##* } == (undefined-key|) ]] && return 1
  fi
  zle -U -- "$keys"
  return 1
}

# The chord: runs exactly the line that was asked about, by the widget that was to accept it.
_cmdai-confirm() {
  _cmdai_confirmed
  [[ -z "$_cmdai_then" ]] || zle "$_cmdai_then"
  _cmdai_confirmed over
}

_cmdai_confirmed() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  _cmdai_then=
  [[ ${1-} == over ]] && { _cmdai_pass=; return 0 }
  if (( ! _cmdai_armed || PENDING || KEYS_QUEUED_COUNT )) || [[ $BUFFER != "$_cmdai_armed_buffer" ]]; then
    _cmdai_disarm
    _cmdai_quiet
    return 0
  fi
  local widget=$_cmdai_armed_widget text=$_cmdai_armed_text verdict=$_cmdai_armed_verdict
  if ! _cmdai_question_stands; then
    _cmdai_arm $widget "$text" $verdict "$_cmdai_armed_reason"
    return 0
  fi
  _cmdai_disarm
  if [[ $verdict == deny ]] && ! _cmdai_override; then
    _cmdai_say "cmdai: not run"
    return 0
  fi
  _cmdai_pass=$text _cmdai_cleared="$PREBUFFER$BUFFER" _cmdai_then=$widget
}

# Reads the word that lets a denied line through, key by key. Keys that come together were pasted.
_cmdai_override() {
  emulate -L zsh
  local key typed=
  # What was asked before says that any other key edits: now a letter belongs to the word.
  zle -R -c
  while true; do
    zle -R "cmdai: type override and Enter to run it: $typed"
    builtin read -k 1 key || return 1
    (( PENDING || KEYS_QUEUED_COUNT )) && [[ $key != [$'\r\n'] ]] && { _cmdai_quiet; return 1 }
    case $key in
      ([$'\r\n'])
        zle -R -c
        [[ $typed == override ]]
        return ;;
      ([$'\b\x7f']) typed=${typed[1,-2]} ;;
      ([[:alpha:]]) typed+=$key ;;
      (*)
        # A key that sends more than one character ends here as a whole.
        builtin read -t 0.02 -k 1 key 2>/dev/null && _cmdai_quiet
        zle -R -c
        return 1 ;;
    esac
    (( $#typed <= 16 )) || { zle -R -c; return 1 }
  done
}

# The wrappers run the widget they replaced under the user's own options.
_cmdai-accept-line() { _cmdai_guard accept-line || return 0; zle "${_cmdai_orig[accept-line]}" -- "$@" }
_cmdai-accept-and-hold() { _cmdai_guard accept-and-hold || return 0; zle "${_cmdai_orig[accept-and-hold]}" -- "$@" }
_cmdai-accept-and-infer-next-history() {
  _cmdai_guard accept-and-infer-next-history || return 0
  zle "${_cmdai_orig[accept-and-infer-next-history]}" -- "$@"
}
_cmdai-accept-line-and-down-history() {
  _cmdai_guard accept-line-and-down-history || return 0
  zle "${_cmdai_orig[accept-line-and-down-history]}" -- "$@"
}

# -------------------------------------------------------------------------------------- a line's life

# The last gate: a line that another widget accepted past the guard, or changed after it, is judged here. One
# that needs a question, or that nobody could judge, comes back to be edited instead of running.
_cmdai_line_finish() {
  emulate -L zsh -o no_err_exit -o no_err_return -o no_xtrace -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  [[ -n $_cmdai_shown ]] && _cmdai_clear
  [[ -z $_cmdai_request ]] || _cmdai_cancel
  _cmdai_may=
  { _cmdai_gather } always { TRY_BLOCK_ERROR=0 }
  local -a reply
  { _cmdai_last_gate || : } always { TRY_BLOCK_ERROR=0 }
  if [[ $_cmdai_may != yes ]]; then
    builtin print -rz -- "$BUFFER"
    _cmdai_held=$BUFFER
    _cmdai_held_reply=( "${reply[@]}" )
    [[ ${reply[1]-} == (ask|deny) ]] || _cmdai_held_reply=(ask 'no verdict was reached: something failed on the way')
    # Where an empty line would run what it continues, it goes on once more.
    _cmdai_blank_ends && BUFFER=\\ || BUFFER=
  fi
  _cmdai_cleared= _cmdai_request=
  (( _cmdai_inflight > 0 && ! _cmdai_heard && EPOCHREALTIME - _cmdai_opened > 1 )) && _cmdai_unwell
  _cmdai_close
  return 0
}

_cmdai_last_gate() {
  emulate -L zsh
  if [[ $CONTEXT != (start|cont) || "$PREBUFFER$BUFFER" == "$_cmdai_cleared" ]] || (( ! ${_cmdai_guard_on:-1} )) || _cmdai_nothing_runs; then
    _cmdai_may=yes
    return 0
  fi
  (( _cmdai_gathered )) || return 0    # no verdict
  if [[ $_cmdai_line != "$_cmdai_pass" ]]; then
    _cmdai_weigh "$_cmdai_line"
    [[ $reply[1] == allow ]] || return 0
  fi
  _cmdai_may=yes
}

_cmdai_isearch_update() {
  emulate -L zsh -o no_force_float -o no_auto_name_dirs
  trap - DEBUG ZERR
  (( _cmdai_isearch || _cmdai_searched )) || _cmdai_keep_break
  _cmdai_isearch=1
  [[ -n $_cmdai_shown ]] && _cmdai_clear
  return 0
}

# A search and a menu of completions end with the line as it was by the key that is `send-break` outside of it, and
# Ctrl-G is ours there. Within them it stays what it was; looked at when the first begins, so that no start waits for it.
_cmdai_keep_break() {
  emulate -L zsh
  _cmdai_searched=1
  _cmdai_break_in isearch
}

_cmdai_keep_menu() {
  emulate -L zsh
  [[ -n ${(M)keymaps:#menuselect} ]] || return 0
  _cmdai_menu=1
  _cmdai_break_in menuselect
}

_cmdai_break_in() {
  emulate -L zsh
  local -a reply
  [[ -n ${(M)_cmdai_static:#* ^G send-break} ]] || return 0
  _cmdai_ask_keys $1 '^G'
  [[ ${reply[1]-} == *' undefined-key' ]] || return 0
  bindkey -M $1 '^G' send-break
  _cmdai_static+=( "$1 ^G undefined-key" )
}

_cmdai_isearch_exit() { emulate -L zsh; _cmdai_isearch=0; return 0 }

_cmdai_preexec() {
  {
    # As zsh reads it, by the user's options; a pattern that is none is told by _cmdai_private.
    local -i _cmdai_hides=0
    { [[ -z ${HISTORY_IGNORE-} || "$1" != ${~HISTORY_IGNORE} ]] || _cmdai_hides=1 } always { TRY_BLOCK_ERROR=0 }
    emulate -L zsh -o extended_glob -o no_xtrace -o no_force_float -o no_auto_name_dirs
  } 2>/dev/null    # no trace of it where the user traces
  trap - DEBUG ZERR
  _cmdai_close
  [[ $1 == *(bindkey|setopt|set[[:space:]]|source|.[[:space:]]|zinit|antidote|omz|emacs|vi)* ]] && _cmdai_relearn=1
  _cmdai_ran=
  _cmdai_last=
  [[ ${1[-1000,-1]} == *[\$\`\;\&\|\)\}] || $#1 -gt 1000 ]] || _cmdai_last=${${(z)1}[-1]-}
  [[ $_cmdai_last != *[\$\`\<\>\(]* ]] || _cmdai_last=
  (( ${_cmdai_record_on:-0} )) && [[ -n $1 ]] && (( ! _cmdai_hides )) && ! _cmdai_private "$1" || return 0
  _cmdai_ran=$1 _cmdai_ran_in=$PWD _cmdai_ran_at=$EPOCHREALTIME
  return 0
}

# What was recorded and not sent goes out when the shell ends, if a daemon is there.
_cmdai_zshexit() {
  { emulate -L zsh -o no_xtrace } 2>/dev/null
  (( $#_cmdai_runs && ! _cmdai_fails )) || { _cmdai_close; return 0 }
  local REPLY run
  if (( _cmdai_fd < 0 )) && _cmdai_socket && zsocket "$REPLY" 2>/dev/null; then
    _cmdai_fd=$REPLY
    _cmdai_send "H"$'\t'"1"$'\t'"1"$'\t'"zsh/0.1.0"$'\t'"zsh"$'\t'"$$"$'\t'"$_cmdai_session"
    for run in "${_cmdai_runs[@]}"; do _cmdai_send "R"$'\t'"$(( ++_cmdai_seq ))"$'\t'"$run" || break; done
  fi
  return 0
}

# -------------------------------------------------------------------------------------- load and unload

# What `cmdai init zsh` keeps in the cache is compiled for the starts to come: in the background, aside, and put in its
# place by cmdai, which waits for the disk first. A file that is compiled twice is the same both times.
_cmdai_compile() {
  emulate -L zsh -o no_aliases
  local aside="$_cmdai_uncompiled/.new-$$.zwc" 'histchars=!^#'
  {
    local -a off
    off=( "${(@k)dis_reswords}" )
    (( ! $#off )) || enable -r "${off[@]}"
    zcompile -U "$aside" "$_cmdai_uncompiled/cmdai.plugin.zsh" && command "${CMDAI_BIN:-cmdai}" init zsh --compiled "$aside"
    command rm -f "$aside"
  } </dev/null &>/dev/null &!
  unset _cmdai_uncompiled
}

# Takes cmdai out of this shell: every hook, widget and key is as it was.
cmdai-unload() {
  { emulate -L zsh -o extended_glob -o no_xtrace } 2>/dev/null
  (( ${_cmdai_loaded-0} )) || return 0
  local name map key widget
  _cmdai_close
  _cmdai_give_back
  (( _cmdai_bound )) && _cmdai_unbind
  _cmdai_disarm
  bindkey -D _cmdai-question 2>/dev/null
  _cmdai_leave_alone
  local -i fd=$_cmdai_wake_fd
  if (( fd >= 0 )); then
    zle -F $fd 2>/dev/null
    { exec {fd}<&- } 2>/dev/null
  fi
  local -a kept
  local outer
  local -i count
  for name in $_cmdai_hooks; do
    outer= count=${_cmdai_outer_count[$name]:-0}
    (( count )) && outer=_cmdai-outer-$name-$count
    if [[ ${widgets[zle-$name]-} != user:_cmdai-$name ]]; then
      # Another plugin calls ours: it goes on to what was found.
      kept+=(_cmdai-$name ${(M)${(k)widgets}:#_cmdai-outer-$name-*})
      functions[_cmdai-$name]="${outer:+zle $outer -f nolast -N -- \"\$@\"; }return 0"
    elif [[ -n $outer ]]; then
      zle -A $outer zle-$name
      if (( count > 1 )); then
        # What we found last found us: it goes on to what we found before.
        kept+=(_cmdai-$name ${(M)${(k)widgets}:#_cmdai-outer-$name-*})
        functions[_cmdai-$name]="zle _cmdai-outer-$name-$(( count - 1 )) -f nolast -N -- \"\$@\"; return 0"
      fi
    else
      zle -D zle-$name
    fi
  done
  for name in "${_cmdai_static[@]}"; do
    map=${name%% *} widget=${name##* } key=${${name#* }% *}
    bindkey -M $map -- "$key" $widget
  done
  precmd_functions=( ${precmd_functions:#_cmdai_*} )
  preexec_functions=( ${preexec_functions:#_cmdai_*} )
  zshexit_functions=( ${zshexit_functions:#_cmdai_*} )
  for widget in $_cmdai_accepting; do
    if [[ ${widgets[$widget]-} == user:_cmdai-$widget ]]; then
      zle -A ${_cmdai_orig[$widget]} $widget
      [[ ${_cmdai_orig[$widget]} == .* ]] || zle -D _cmdai-orig-$widget
    else
      # Another plugin wrapped ours since and will go on calling it.
      kept+=(_cmdai-$widget ${_cmdai_orig[$widget]})
      functions[_cmdai-$widget]="zle ${_cmdai_orig[$widget]} -- \"\$@\""
    fi
  done
  for widget in ${(M)${(k)widgets}:#_cmdai-*}; do
    (( ${kept[(Ie)$widget]} )) || zle -D $widget
  done
  for name in ${(M)${(k)functions}:#_cmdai[_-]*}; do
    (( ${kept[(Ie)$name]} )) || unfunction $name
  done
  (( ${_cmdai_set_bin-0} )) && unset CMDAI_BIN
  unset -m '_cmdai_*'
  unfunction cmdai-unload
}
# vim: ft=zsh sw=2
