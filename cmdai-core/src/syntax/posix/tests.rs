//! Lines and the trees they become.

use super::*;
use crate::syntax::dump::dump;
use crate::syntax::{Program, parse as parse_default};

/// The line becomes this tree and nothing about it is odd.
#[track_caller]
fn check(line: &str, tree: &str) {
    check_in(Dialect::Bash, line, tree);
}

#[track_caller]
fn check_in(dialect: Dialect, line: &str, tree: &str) {
    let parsed = parse_default(line, dialect);
    assert_eq!(dump(&parsed.program), tree, "{line}");
    assert_eq!(parsed.notes, [], "{line}");
    reads_back(&parsed.program, dialect);
}

/// What is printed of a tree reads back as the same tree.
#[track_caller]
fn reads_back(program: &Program, dialect: Dialect) {
    let printed = program.to_string();
    let again = parse_default(&printed, dialect);
    assert_eq!(dump(&again.program), dump(program), "printed as {printed:?}");
    assert_eq!(again.notes, [], "printed as {printed:?}");
}

/// The line becomes this tree, and these stretches are noted.
#[track_caller]
fn check_odd(line: &str, tree: &str, notes: &[(NoteKind, &str)]) {
    let parsed = parse_default(line, Dialect::Bash);
    assert_eq!(dump(&parsed.program), tree, "{line}");
    let found: Vec<_> = parsed.notes.iter().map(|note| (note.kind, note.span.of(line))).collect();
    assert_eq!(found, notes, "{line}");
}

#[test]
fn simple_commands() {
    check("ls -l /tmp", "(ls -l /tmp)");
    check("  ls\t-l  ", "(ls -l)");
    check("", "");
    check("# only a comment", "");
    check("ls # what", "(ls)");
    check("ls a#b", "(ls a#b)");
    check("ls; pwd", "(ls) (pwd)");
    check("ls;", "(ls)");
    check("sleep 5 &", "(sleep 5) &");
    check("a & b", "(a) & (b)");
    check("a\nb\n\nc", "(a) (b) (c)");
    check("a && b || c", "(a) && (b) || (c)");
    check("a &&\n\n b", "(a) && (b)");
    check("a | b |& c", "(a) | (b) |& (c)");
    check("a |\n b", "(a) | (b)");
    check("! a | b", "! (a) | (b)");
    check("! ! a", "(a)");
    check("time -p a", "time (a)");
    check("time", "time ");
    check("rm -r\\\n f", "(rm -r f)");
    check("rm -r\\\nf", "(rm -rf)");
    check("ls\r\npwd\r\n", "(ls) (pwd)");
    check("echo }", "(echo })");
    check("echo if then fi", "(echo if then fi)");
    check("\\if x", "(if x)");
    check("'if' x", "('if' x)");
    check("echo !x", "(echo !x)");
    check("[ -f x ]", "([ -f x ])");
    check("a=b", "(set:a=b)");
}

#[test]
fn quotes() {
    check("echo 'a b' \"c d\"", "(echo 'a b' \"c d\")");
    check("echo a'b'\"c\"d", "(echo a'b'\"c\"d)");
    check("echo ''", "(echo '')");
    check(r#"echo "a\"b\$c\d""#, r#"(echo "a"b$c\d")"#);
    check(r"r\m -r\f", "(rm -rf)");
    check(r"echo \é", "(echo é)");
    check("echo \"a\\\nb\"", "(echo \"ab\")");
    check(r"echo $'\x72\155\n'", "(echo $'rm⏎')");
    check(r"echo $'it\'s'", "(echo $'it's')");
    check(r#"echo $"hi $x""#, r#"(echo $"hi ${x}")"#);
    check(r#"echo "$'a'""#, r#"(echo "$'a'")"#);
    check("echo 'a\nb'", "(echo 'a⏎b')");
    check("echo \"it's\"", "(echo \"it's\")");
}

#[test]
fn parameters() {
    check("echo $x$1$@$# $?x", "(echo ${x}${1}${@}${#} ${?}x)");
    check("echo $10", "(echo ${1}0)");
    check("echo ${10}", "(echo ${10})");
    check("echo $ a$", "(echo $ a$)");
    check("echo ${x}y", "(echo ${x}y)");
    check("echo ${x:-/a b}", "(echo ${x :- /a b})");
    check("echo ${x-$y} ${x:=1} ${x:?no} ${x+z}", "(echo ${x - ${y}} ${x := 1} ${x :? no} ${x + z})");
    check("echo ${x:-~/a} ${x:-*}", "(echo ${x :- ~‹›/a} ${x :- ‹*›})");
    check("echo \"${x:-*}\"", "(echo \"${x :- *}\")");
    check("echo ${x##*/} ${x#a} ${x%%.*} ${x%/}", "(echo ${x ## ‹*›/} ${x # a} ${x %% .‹*›} ${x % /})");
    check(
        "echo ${x/a/b} ${x//a} ${x/#a/b} ${x/%a/$b}",
        "(echo ${x / a / b} ${x // a / } ${x /# a / b} ${x /% a / ${b}})",
    );
    check(r"echo ${x//\//-}", "(echo ${x // '/' / -})");
    check(
        "echo ${x:1} ${x:1:2} ${x: -1} ${x:$((1+2)):3}",
        "(echo ${x : 1} ${x : 1 : 2} ${x :  -1} ${x : $((1+2)) : 3})",
    );
    check("echo ${x^} ${x^^} ${x,,[A-Z]}", "(echo ${x ^ } ${x ^^ } ${x ,, ‹[›A-Z]})");
    check("echo ${x@Q} ${!x} ${#x} ${!x@} ${!a[@]}", "(echo ${x @Q} ${!x} ${#x} ${!x ? @} ${!a[@]})");
    check("echo ${#} ${#a[@]} ${#@} ${##} ${!}", "(echo ${#} ${#a[@]} ${#@} ${##} ${!})");
    check("echo ${a[1]} ${a[$i]:-x} ${a[b[1]]}", "(echo ${a[1]} ${a[${i}] :- x} ${a[b[1]]})");
    check("echo \"${x:-\"a b\"}\"", "(echo \"${x :- \"a b\"}\")");
    check("echo \"${x:-'a'}\"", "(echo \"${x :- 'a'}\")");
    check("echo \"${x#'a'}\"", "(echo \"${x # 'a'}\")");
    check("echo ${x:-${y:-${z}}}", "(echo ${x :- ${y :- ${z}}})");
    check("echo \"${x/a/$'\\n'}\"", "(echo \"${x / a / $'⏎'}\")");
    check("echo ${x:-$(rm a)}", "(echo ${x :- $[(rm a)]})");
}

#[test]
fn substitutions() {
    check("echo $(ls -l)", "(echo $[(ls -l)])");
    check("echo \"$(ls \"a b\")\"", "(echo \"$[(ls \"a b\")]\")");
    check("echo `ls`", "(echo $[(ls)])");
    check(r"echo `echo \`ls\``", "(echo $[(echo $[(ls)])])");
    check(r#"echo "`echo \"a\"`""#, "(echo \"$[(echo \"a\")]\")");
    check("echo `# nothing`", "(echo $[])");
    check("diff <(a) >(b)", "(diff <[(a)] >[(b)])");
    check("x < <(a)", "(x [< <[(a)]])");
    check("$(a)", "($[(a)])");
    check("echo $(a; b) c", "(echo $[(a) (b)] c)");
    check("echo $(case x in a) b;; esac)", "(echo $[(case x [a: (b)])])");
    check("echo $( (a) )", "(echo $[(sub (a))])");
    check("echo $((a); (b))", "(echo $[(sub (a)) (sub (b))])");
    check("echo $((1+2)) $(( (1+2)*3 )) $[1+x]", "(echo $((1+2)) $(( (1+2)*3 )) $((1+x)))");
    check("echo $(($x + $(y)))", "(echo $((${x} + $[(y)])))");
    check("echo ${ ls; }", "(echo $[(ls)])");
    check("echo $(<f)", "(echo $[([< f])])");
    check("echo \"$((1))\"", "(echo \"$((1))\")");
}

#[test]
fn words_that_expand() {
    check("ls *.c a?b [a-z]x", "(ls ‹*›.c a‹?›b ‹[a-z]›x)");
    check("ls [!a] [^]] [[:alpha:]]*", "(ls ‹[!a]› ‹[^]]› ‹[[:alpha:]]*›)");
    check("ls a[ b]", "(ls a[ b])");
    check("ls [$x]tc", "(ls ‹[›${x}‹]›tc)");
    check("ls **/x", "(ls ‹**›/x)");
    check("rm !(a|*.b) @(c d)", "(rm ‹!(a|*.b)› ‹@(c d)›)");
    check("rm +($x)", "(rm ‹+(›${x}‹)›)");
    check("echo \\* '*' \"*\"", "(echo * '*' \"*\")");
    check("echo {a,b} x{1..3}y {a..e} {1..9..2}", "(echo {a¦b} x{1..3}y {a..e} {1..9¦2})");
    check("echo {a,{b,c}d} {,x}", "(echo {a¦{b¦c}d} {¦x})");
    check("echo {} {a} {a, {1..} a,b }", "(echo {} {a} {a, {1..} a,b })");
    check("echo {a,b", "(echo {a,b)");
    check("echo {a,{b,c}", "(echo {a,{b¦c})");
    check("echo {$x,$(y)}", "(echo {${x}¦$[(y)]})");
    check("echo {a,'b,c'}", "(echo {a¦'b,c'})");
    check("find . -exec rm {} \\;", "(find . -exec rm {} ;)");
    check("ls ~ ~/x ~root/y a~ '~' ~$x", "(ls ~‹› ~‹›/x ~‹root›/y a~ '~' ~${x})");
    check("x=~/a:~b y=a~ z", "(set:x=~‹›/a:~‹b› set:y=a~ z)");
    check("make a=~/b --c=~/d", "(make a=~‹›/b --c=~/d)");
    check("a=*.c b={1,2}", "(set:a=*.c set:b={1,2})");
}

#[test]
fn assignments() {
    check("a=1 b= cmd x=y", "(set:a=1 set:b= cmd x=y)");
    check("a+=1", "(set:a+=1)");
    check("a=(1 'b c' $x)", "(set:a=(1 'b c' ${x}))");
    check("a=(\n1 # one\n2\n)", "(set:a=(1 2))");
    check("a+=([k]=v [$i]=*)", "(set:a+=([k]=v [${i}]=*))");
    check("a[1]=x a[i + 1]+=y", "(set:a[1]=x set:a[i + 1]+=y)");
    check("declare -a x=(1 2) y", "(declare -a x=(1 2) y)");
    check("=x", "(=x)");
    check("1a=x", "(1a=x)");
    check(r"a\=b {a}=c", "(a=b {a}=c)");
    check("a=b=c", "(set:a=b=c)");
    check("PATH=$PATH:/x ls", "(set:PATH=${PATH}:/x ls)");
    check("x=$(ls) y=\"a b\"", "(set:x=$[(ls)] set:y=\"a b\")");
}

#[test]
fn redirections() {
    check("a > f < g >> h", "(a [> f] [< g] [>> h])");
    check("a 2>f 2>&1 >&2 <&3 2>&-", "(a [2> f] [2>& 1] [>& 2] [0>& 3] [2>& -])");
    check("a &> f &>> g >& h", "(a [&> f] [&>> g] [&> h])");
    check("a >| f <> g", "(a [> f] [<> g])");
    check("a {fd}> f", "(a [{fd}> f])");
    check("a <<< 'b c'", "(a [<<< 'b c'])");
    check("> f", "([> f])");
    check("> f a b", "(a b [> f])");
    check("a2>f", "(a2 [> f])");
    check("a 2 >f", "(a 2 [> f])");
    check("{ a; } > f 2>&1", "(group (a) [> f] [2>& 1])");
    check("a >\\\nf", "(a [> f])");
    check("a >$f", "(a [> ${f}])");
}

#[test]
fn heredocs() {
    check("cat <<E\na $x\nE\nls", "(cat [<<E a ${x}⏎]) (ls)");
    check("cat <<'E'\na $x\nE", "(cat [<<'E' a $x⏎])");
    check("cat <<E | sh\nrm\nE", "(cat [<<E rm⏎]) | (sh)");
    check("cat <<E; ls\nb\nE\npwd", "(cat [<<E b⏎]) (ls) (pwd)");
    check("cat <<A <<B\na\nA\nb\nB", "(cat [<<A a⏎] [<<B b⏎])");
    check("cat <<-E\n\ta\n\t\tb $x\n\tE\nls", "(cat [<<-E a⏎b ${x}⏎]) (ls)");
    check("cat <<E 2>&1\n\"a\" \\$x `b`\nE", "(cat [<<E \"a\" $x $[(b)]⏎] [2>& 1])");
    check("x=$(cat <<E\na\nE\n)", "(set:x=$[(cat [<<E a⏎])])");
    check("if cat <<E; then\na\nE\nb; fi", "(if [(cat [<<E a⏎]) then (b)])");
    check("cat <<E\n$(cat <<F\na\nF\n)\nE", "(cat [<<E $[(cat [<<F a⏎])]⏎])");
    check("cat <<\"A B\"\nx\nA B\n", "(cat [<<'A B' x⏎])");
    check("cat <<E && {\nx\nE\nls; }", "(cat [<<E x⏎]) && (group (ls))");
    check("cat <<A $(cat <<B\nb\nB\n)\na\nA", "(cat $[(cat [<<B b⏎])] [<<A a⏎])");
    check("echo $(cat <<E)\nb\nE\nls", "(echo $[(cat [<<E b⏎])]) (ls)");
    check("cat <<E\nE", "(cat [<<E ])");
    check("echo `cat <<E\na\nE\n`", "(echo $[(cat [<<E a⏎])])");
    check("echo `cat <<E\n\\$a\nE\n`; cat <<F\nb\nF", "(echo $[(cat [<<E ${a}⏎])]) (cat [<<F b⏎])");
}

#[test]
fn compound_commands() {
    check("{ a; b; }", "(group (a) (b))");
    check("(a; b) | c", "(sub (a) (b)) | (c)");
    check("((a))", "(math a)");
    check("(( x = (1+2) * 3 ))", "(math  x = (1+2) * 3 )");
    check("((a); b)", "(sub (sub (a)) (b))");
    check("( (a) )", "(sub (sub (a)))");
    check("if a; then b; fi", "(if [(a) then (b)])");
    check("if a; then b; elif c; then d; else e; fi", "(if [(a) then (b)] [(c) then (d)] [else (e)])");
    check("if a\nthen\nb\nelse\nc\nfi > f", "(if [(a) then (b)] [else (c)] [> f])");
    check("while a; do b; done", "(while (a) do (b))");
    check("until a; do b; done < f", "(until (a) do (b) [< f])");
    check("for i in a *.c $x; do b; done", "(for i in [a ‹*›.c ${x}] do (b))");
    check("for i; do b; done", "(for i do (b))");
    check("for i\ndo b; done", "(for i do (b))");
    check("for i in; do b; done", "(for i in [] do (b))");
    check("for i in a b\ndo\nc\ndone", "(for i in [a b] do (c))");
    check("for ((i=0; i<3; i++)); do b; done", "(for ((i=0; i<3; i++)) do (b))");
    check("for ((;;)) { b; }", "(for ((;;)) do (b))");
    check("select x in a; do b; done", "(select x in [a] do (b))");
    check("case $x in a|b) c;; (d) e;& *) f;;& esac", "(case ${x} [a|b: (c)] [d: (e) ;&] [‹*›: (f) ;;&])");
    check("case x in\n  a)\n    b\n    ;;\nesac", "(case x [a: (b)])");
    check("case x in a) b; esac", "(case x [a: (b)])");
    check("case x in esac", "(case x)");
    check("case x in a) ;; *) ;; esac", "(case x [a: ] [‹*›: ])");
    check("f() { a; }", "(fn f (group (a)))");
    check("f ( ) ( a )", "(fn f (sub (a)))");
    check("function f { a; }", "(fn f (group (a)))");
    check("function f-g() { a; }; f-g", "(fn f-g (group (a))) (f-g)");
    check("f()\n{\na\n} > x", "(fn f (group (a) [> x]))");
    check("[[ -f a && $x == *.c ]]", "(test -f a && ${x} == ‹*›.c)");
    check("[[ $x =~ ^(a|b)+\\.c$ || ( -n $y ) ]]", "(test ${x} =~ ^(a|b)+\\.c$ || ( -n ${y} ))");
    check("[[ a < b ]] && c", "(test a < b) && (c)");
    check("[[ -f a ]]; b", "(test -f a) (b)");
    check("coproc a b", "(coproc (a b))");
    check("coproc N { a; }", "(coproc (group (a)))");
    check("while a; do if b; then c; fi; done | d", "(while (a) do (if [(b) then (c)])) | (d)");
    check(":(){ :|:& };:", "(fn : (group (:) | (:) &)) (:)");
    check("if(a)then b;fi", "(if [(sub (a)) then (b)])");
    check("! { a; }", "! (group (a))");
    check("time { a; } | b", "time (group (a)) | (b)");
}

#[test]
fn zsh() {
    let check = |line: &str, tree: &str| check_in(Dialect::Zsh, line, tree);
    check("ls *(.om[1,3])", "(ls ‹*(.om[1,3])›)");
    check("ls **/*(.)", "(ls ‹**›/‹*(.)›)");
    check("ls (a|b)*", "(ls ‹(a|b)*›)");
    check("diff =(a) =(b)", "(diff <[(a)] <[(b)])");
    check("for x in a b; { c }", "(for x in [a b] do (c))");
    check("for x (a b) { c; }", "(for x in [a b] do (c))");
    check("echo $a[1] ${(f)x}", "(echo ${a[1]} ${x (f)  })");
    check("a >! f", "(a [> f])");
    check("() { a; }", "(group (group (a)))");
    check("f() a", "(fn f (a))");
    check("repeat 3 a", "(for ((3)) do (a))");
}

#[test]
fn unfinished_lines() {
    use NoteKind::Unfinished;
    check_odd("rm 'a b", "(rm 'a b')", &[(Unfinished, "'a b")]);
    check_odd("rm \"a $x", "(rm \"a ${x}\")", &[(Unfinished, "\"a $x")]);
    check_odd("rm $(ls", "(rm $[(ls)])", &[(Unfinished, "$(ls")]);
    check_odd("rm ${x:-", "(rm ${x :- })", &[(Unfinished, "${x:-")]);
    check_odd("rm `ls", "(rm $[(ls)])", &[(Unfinished, "`ls")]);
    check_odd("a && ", "(a)", &[(Unfinished, "a && ")]);
    check_odd("a |", "(a)", &[(Unfinished, "a |")]);
    check_odd("a >", "(a [> ])", &[(Unfinished, ">")]);
    check_odd("if a; then b", "(if [(a) then (b)])", &[(Unfinished, "if a; then b")]);
    check_odd("if a", "(if [(a) then ])", &[(Unfinished, "if a")]);
    check_odd("for i in a", "(for i in [a] do )", &[(Unfinished, "for i in a")]);
    check_odd("case x in a) b", "(case x [a: (b)])", &[(Unfinished, "case x in a) b")]);
    check_odd("{ a", "(group (a))", &[(Unfinished, "{ a")]);
    check_odd("(a", "(sub (a))", &[(Unfinished, "(a")]);
    check_odd("f() ", "(fn f (opaque))", &[(Unfinished, "f() ")]);
    check_odd("[[ -f a", "(test -f a)", &[(Unfinished, "[[ -f a")]);
    check_odd("cat <<E\na", "(cat [<<E a])", &[(Unfinished, "<<E\na")]);
    check_odd("cat <<E", "(cat [<<E ])", &[(Unfinished, "<<E")]);
    check_odd("a=(b", "(set:a=(b))", &[(Unfinished, "(b")]);
    check_odd("echo $((1+", "(echo $((1+)))", &[(Unfinished, "$((1+")]);
    check_odd("ls \\", "(ls )", &[(Unfinished, "\\")]);
}

#[test]
fn what_cannot_stand_is_skipped() {
    use NoteKind::Unexpected;
    check_odd(") a", "(a)", &[(Unexpected, ")")]);
    check_odd("a ) b", "(a) (b)", &[(Unexpected, ")")]);
    check_odd("fi; rm x", "(rm x)", &[(Unexpected, "fi"), (Unexpected, ";")]);
    check_odd("then rm x", "(rm x)", &[(Unexpected, "then")]);
    check_odd("; a", "(a)", &[(Unexpected, ";")]);
    check_odd("a ;; b", "(a) (b)", &[(Unexpected, ";;")]);
    check_odd("a | | b", "(a) | (b)", &[(Unexpected, "|")]);
    check_odd("&& a", "(a)", &[(Unexpected, "&&")]);
    check_odd("a && && b", "(a) && (b)", &[(Unexpected, "&&")]);
    check_odd("echo (a) b", "(echo a b)", &[(Unexpected, "("), (Unexpected, ")")]);
    check_odd("(if a; then b)", "(sub (if [(a) then (b)]))", &[(Unexpected, ")")]);
    check_odd("a | ! b", "(a) | (b)", &[(Unexpected, "!")]);
    check_odd("f() a", "(fn f (a))", &[(Unexpected, "a")]);
    check_odd("()", "(sub )", &[(Unexpected, ")")]);
    check_odd("a > ; b", "(a [> ]) (b)", &[(Unexpected, "> ")]);
    check_odd("while a; do b; fi; done", "(while (a) do (b))", &[(Unexpected, "fi"), (Unexpected, ";")]);
}

/// What bash refuses is never read as if it were nothing; zsh takes an empty list.
#[test]
fn lists_of_nothing() {
    let notes = |line: &str, dialect| !parse_default(line, dialect).notes.is_empty();
    for line in [
        "if then fi",
        "if a; then fi",
        "if a; then b; else fi",
        "if a; then b; elif then c; fi",
        "while do done",
        "while a; do done",
        "until do done",
        "for x in a; do done",
        "select x in a; do done",
        "f() { }",
        "{ }",
        "( )",
        "if a; then # nothing\nfi",
        "[[ ]]",
        "[[ a b ]]",
        "[[ -z ]]",
        "&& a",
        "a | | b",
        "a ;; b",
        ")",
        "case esac",
        "for in; do; done",
    ] {
        assert!(notes(line, Dialect::Bash), "{line}");
        assert!(notes(line, Dialect::Posix), "{line}");
    }
    for line in ["if then fi", "while do done", "{ }", "f() { }", "for x in a; do done"] {
        assert!(!notes(line, Dialect::Zsh), "{line}");
    }
    for line in [
        "if a; then b; elif c; then d; else e; fi",
        "if a; then # why\n  b\nfi",
        "while read x; do :; done < y",
        "for x in; do a; done",
        "case x in esac",
        "case x in a) ;; esac",
        "f() { a; }",
        "! a",
        "(( ))",
        "[[ $x ]]",
        "[[ -n $x ]]",
        "[[ ! $x ]]",
        "[[ $x == y && ( -f z ) ]]",
    ] {
        assert!(!notes(line, Dialect::Bash), "{line}");
    }
}
