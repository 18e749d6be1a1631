#!/bin/sh
# Checks this bundle without the program that made it.
# Needs: sh, sha256sum, base64, openssl 3, ssh-keygen 8.9 or later, and od, tr, cut, sed, cat, mktemp, rm.
#   sh verify.sh [KEY]     KEY: the ledger's key (name+id+base64) as you know it from elsewhere
# Every line says GOOD or BAD. The last one sums up; the exit status is 0 only if nothing is BAD.
LC_ALL=C
TZ=UTC0
export LC_ALL TZ
cd "$(dirname "$0")" || exit 2
known=$1
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
bads=0
goods=0
nl='
'

good() { goods=$((goods + 1)); printf 'GOOD  %s\n' "$1"; }
bad() { bads=$((bads + 1)); printf 'BAD   %s: %s\n' "$1" "$2"; }

# hex of what comes in
hex() { od -An -v -tx1 | tr -d ' \n'; }
# SHA-256, in hex, of what comes in
sha() { sha256sum | cut -c1-64; }
# a hash in base64 as hex
unbase() { printf %s "$1" | base64 -d 2>/dev/null | hex; }

# octal HEX: sets $octal to the escapes with which printf writes these bytes
octal() {
    octal=
    rest=$1
    while [ -n "$rest" ]; do
        tail=${rest#??}
        byte=$((0x${rest%"$tail"}))
        octal="$octal\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
        rest=$tail
    done
}

# leaf FILE: hash of an entry (RFC 6962, 2.1)
leaf() { { printf '\000'; cat "$1"; } | sha; }
# node LEFT RIGHT: hash of two nodes
node() {
    octal "01$1$2"
    printf "$octal" | sha
}

# between TEXT BEFORE AFTER: what stands behind the last BEFORE, up to the next AFTER
between() {
    rest=${1##*"$2"}
    [ "$rest" != "$1" ] && printf %s "${rest%%"$3"*}"
}
# moment TIME: its digits up to the second
moment() { printf %s "$1" | cut -c1-19 | tr -d 'T:-'; }
# quoted: what comes in, as the inside of a JSON string
quoted() { sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g; s/$/\\n/' | tr -d '\n'; }

# ---- every file, against the list ----
sha256sum -c SHA256SUMS > "$tmp/sums" 2> /dev/null
[ -s "$tmp/sums" ] || bad SHA256SUMS "the list of files is missing"
while IFS= read -r line; do
    case $line in
        *': OK') good "${line%: OK} is as it was written" ;;
        *) bad "${line%%: FAILED*}" "it is missing, or was altered: its SHA-256 is not the one in SHA256SUMS" ;;
    esac
done < "$tmp/sums"
case $(sed '/^[0-9a-f]\{64\}  [A-Za-z0-9._/@-]*$/d' SHA256SUMS) in
    '') ;;
    *) bad SHA256SUMS "it has lines that name no file" ;;
esac
if [ -e SHA256SUMS.sha256 ] && [ "$(sha < SHA256SUMS)" = "$(cat SHA256SUMS.sha256)" ]; then
    good "SHA256SUMS is as it was written"
else
    bad SHA256SUMS "the list of files was altered"
fi

# ---- the ledger's key ----
key=$(cat ledger.vkey)
name=${key%%+*}
encoded=${key#*+*+}
id=${key#*+}
id=${id%%+*}
raw=$(unbase "$encoded")
public=${raw#01}
named=$({ printf '%s\n' "$name"; octal "$raw"; printf "$octal"; } | sha | cut -c1-8)
if [ "${#raw}" != 66 ] || [ "$public" = "$raw" ]; then
    bad ledger.vkey "this is no Ed25519 key of a signed note"
elif [ "$named" != "$id" ]; then
    bad ledger.vkey "its id is not that of its name and key"
elif [ -n "$known" ] && [ "$known" != "$key" ]; then
    bad ledger.vkey "this is not the key you know: the bundle is from another ledger, or the key was swapped"
else
    good "ledger.vkey is a key of the ledger $name${known:+, and the one you know}"
fi
pem=$(sed '/^-/d' ledger.pem | tr -d '\n')
if [ "$(unbase "$pem")" = "302a300506032b6570032100$public" ]; then
    good "ledger.pem is the same key"
else
    bad ledger.pem "it is not the key in ledger.vkey"
fi

# head FILE: checks a signed head; sets $size and $root
head() {
    size= root= signed=
    { IFS= read -r origin && IFS= read -r size && IFS= read -r root64 && IFS= read -r empty; } < "$1"
    printf '%s\n%s\n%s\n' "$origin" "$size" "$root64" > "$tmp/text"
    root=$(unbase "$root64")
    while IFS= read -r line; do
        case $line in
            "— $name "*)
                bytes=$(unbase "${line##* }")
                if [ "${bytes%"${bytes#????????}"}" = "$id" ]; then
                    octal "${bytes#????????}"
                    printf "$octal" > "$tmp/sig"
                    signed=1
                fi
                ;;
        esac
    done < "$1"
    case $size in '' | *[!0-9]* | 0?*) bad "$1" "its second line is no size"; return ;; esac
    if [ -n "$empty" ] || [ "${#root}" != 64 ] || [ "$origin" != "$name" ]; then
        bad "$1" "this is no head of the ledger $name"
    elif [ -z "$signed" ]; then
        bad "$1" "the ledger's key has not signed it"
    elif openssl pkeyutl -verify -pubin -inkey ledger.pem -rawin -in "$tmp/text" \
        -sigfile "$tmp/sig" > /dev/null 2>&1; then
        good "$1: the ledger signed $size entries with this root"
    else
        bad "$1" "the ledger's signature does not fit: the head was altered"
    fi
}

before=0
if [ -f checkpoint.before ]; then
    head checkpoint.before
    before=$size
    before_root=$root
fi
head checkpoint
top=$size
top_root=$root
note=$(cat checkpoint)

# proved FILE: checks that an entry is in the tree of the checkpoint; sets $index
proved() {
    index=
    proof="$1.tlog-proof"
    text=$(cat "$proof")
    part=${text%%"$nl$nl"*}
    case $part in
        "c2sp.org/tlog-proof@v1${nl}index "*) ;;
        *) bad "$proof" "this is no proof (C2SP tlog-proof)"; return 1 ;;
    esac
    if [ "${text#*"$nl$nl"}" != "$note" ]; then
        bad "$proof" "it ends with another checkpoint than the one here"
        return 1
    fi
    part=${part#*index }
    index=${part%%"$nl"*}
    case $index in '' | *[!0-9]* | 0?*) bad "$proof" "its index is no number"; return 1 ;; esac
    path=${part#"$index"}
    hash=$(leaf "$1")
    fn=$index
    sn=$((top - 1))
    for one in $path; do
        other=$(unbase "$one")
        if [ "$sn" -eq 0 ] || [ "${#other}" != 64 ]; then sn=-1; break; fi
        if [ $((fn % 2)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
            hash=$(node "$other" "$hash")
            while [ $((fn % 2)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
        else
            hash=$(node "$hash" "$other")
        fi
        fn=$((fn / 2)) sn=$((sn / 2))
    done
    if [ "$sn" -ne 0 ] || [ "$hash" != "$top_root" ] || [ "$index" -ge "$top" ]; then
        bad "$1" "it is not in the ledger at $index: the entry or its proof was altered"
        return 1
    fi
    good "$1 is entry $index of the ledger"
}

# ---- actions, each with its entries ----
# request FILE: what was asked for; sets $digest, $action, $ruling
request() {
    entry=$(cat "$1")
    action=$(cat "${1%.json}.action.json")
    diff=$(cat "${1%.json}.diff.json")
    ruling=$(between "$action" '"ruling":' '"scheme":')
    digest=$(sha < "${1%.json}.action.json")
    shown=$(sha < "${1%.json}.diff.json")
    case $entry in
        *"\"body\":{\"action\":$action,\"diff\":$diff,\"digest\":\"sha256:$digest\",\"opened\":"*)
            good "${1%.json}.action.json is what was asked for, and its SHA-256 is what is signed" ;;
        *) bad "${1%.json}.action.json" "the action, its diff or its digest is not the one in the entry" ;;
    esac
    case $action in
        *"\"diff\":\"sha256:$shown\""*) good "${1%.json}.diff.json is the diff that was shown" ;;
        *) bad "${1%.json}.diff.json" "it is not the diff that was shown" ;;
    esac
}

# signed FILE: whether somebody who could signed this decision on $digest; adds to $agreed
signed() {
    base=${1%.json}
    entry=$(cat "$1")
    if [ ! -f "$base.statement" ]; then
        bad "$1" "the decision is not signed, so anybody who can write to the store can have made it"
        return
    fi
    statement=$(cat "$base.statement")
    inside=$(printf '%s\n' "$statement" | quoted)
    armour=$(quoted < "$base.sig")
    # ssh-keygen ends a signature with a line break; not every signer does.
    case $entry in
        *"\"signed\":{\"signature\":\"$armour\",\"statement\":\"${inside%\\n}\"}"*) ;;
        *"\"signed\":{\"signature\":\"${armour%\\n}\",\"statement\":\"${inside%\\n}\"}"*) ;;
        *) bad "$base.statement" "it, or its signature, is not the one in the entry"; return ;;
    esac
    who=$(between "$statement" '"reviewer":"' '"')
    roster=$(between "$statement" '"roster":"sha256:' '"')
    when=$(between "$statement" '"format":"' '"')
    [ "$when" = "countersign-decision@v1" ] || { bad "$base.statement" "it is no decision"; return; }
    case $statement in
        "{\"action\":\"$about\",\"at\":\""*"\"digest\":\"sha256:$digest\",\"expires\":\""*) ;;
        *) bad "$base.statement" "it is about something else than this action as it was shown"; return ;;
    esac
    when=${statement#*'"at":"'}
    when=$(moment "${when%%\"*}")
    people="rosters/$roster"
    if [ ! -f "$people/roster.json" ] || [ "$(sha < "$people/roster.json")" != "$roster" ]; then
        bad "$people/roster.json" "it is not the roster that was in force when $who decided"
        return
    fi
    list=$(cat "$people/roster.json")
    case $list in
        *"\"signers\":\"sha256:$(sha < "$people/allowed_signers")\""*) ;;
        *) bad "$people/allowed_signers" "it is not the file that the roster names"; return ;;
    esac
    set -- -f "$people/allowed_signers" -I "$who" -n countersign-decision@v1 -s "$base.sig" \
        -O verify-time="$when"
    if [ -f "$people/revoked" ]; then
        case $list in
            *"\"revoked\":\"sha256:$(sha < "$people/revoked")\""*) set -- "$@" -r "$people/revoked" ;;
            *) bad "$people/revoked" "it is not the file that the roster names"; return ;;
        esac
    fi
    if ! said=$(ssh-keygen -Y verify "$@" < "$base.statement" 2>&1); then
        bad "$base.sig" "ssh-keygen: $(printf %s "$said" | tr '\n' ' ')"
        return
    fi
    # Whether a security key was touched, which ssh-keygen does not look at.
    blob=$(sed '/^-/d' "$base.sig" | base64 -d 2>/dev/null | hex)
    flags=none
    case $blob in
        *736b2d7373682d65643235353139* | *736b2d65636473612d736861322d*)
            flags=${blob%????????}
            flags=$((0x${flags#"${flags%??}"})) ;;
    esac
    policy=$(between "$statement" '"policy":' ',"reason"')
    case $ruling in
        '') ;;
        *"\"policy\":$policy,"*) ;;
        *) bad "$base.statement" "it was given under another policy than the action was held under"; return ;;
    esac
    case $ruling in
        *'"signing":"touch"'*) need=1 ;;
        *'"signing":"verified"'* | *'"signing":"out-of-band"'*) need=5 ;;
        *) need=0 ;;
    esac
    if [ "$need" -gt 0 ] && { [ "$flags" = none ] || [ $((flags & need)) -ne "$need" ]; }; then
        bad "$base.sig" "policy asked for a touched security key, and this signature has no such proof"
        return
    fi
    case $statement in
        *'"verdict":"approve"}') verdict=approved ;;
        *'"verdict":"reject"}') verdict=rejected; refused="$who" ;;
        *) bad "$base.statement" "it neither approves nor rejects"; return ;;
    esac
    good "$base.sig: $who $verdict exactly this, by a key that was theirs at that time"
    [ "$verdict" = approved ] || return
    key=$(printf %s "$said" | sed 's/.* key //')
    # One person counts once, and so does one key.
    case "$agreed$nl" in *"$nl$who "* | *" $key "*) return ;; esac
    agreed="$agreed$nl$who $key $(moment "$(between "$statement" '"expires":"' '"')")"
}

# quorum FILE: whether enough of the right people had agreed when this order was written down
quorum() {
    entry=$(cat "$1")
    case $entry in
        *'"verdict":"approve"'*) ;;
        *)
            if [ -n "$refused" ]; then good "$1 rejects what $refused had rejected"
            else bad "$1" "it rejects what nobody had rejected"; fi
            return ;;
    esac
    needed=$(between "$ruling" '"approvals":' ',')
    from=$(between "$ruling" '"from":[' ']')
    now=${entry#*'"at":"'}
    now=$(moment "${now%%\"*}")
    requester=$(between "$action" '"requester":"' '"')
    count=0
    names=
    missing=
    rest="$agreed$nl"
    while [ -n "$rest" ]; do
        who=${rest%%"$nl"*}
        rest=${rest#*"$nl"}
        [ -n "$who" ] || continue
        [ "${who##* }" -ge "$now" ] || continue
        who=${who%% *}
        if [ "$who" = "$requester" ] || [ "${who%%@*}" = "$requester" ]; then continue; fi
        count=$((count + 1))
        names="$names \"$who\""
    done
    groups=$(printf %s "$from" | tr ',' ' ')
    for group in $groups; do
        members=",$(between "$list" "$group:[" ']'),"
        found=
        for who in $names; do
            case $members in *",$who,"*) found=1 ;; esac
        done
        [ -n "$found" ] || missing="$missing one of $group"
    done
    [ "$count" -ge "${needed:-1}" ] || missing="$missing $((${needed:-1} - count)) more"
    if [ -n "$refused" ]; then
        bad "$1" "it approves what $refused had rejected"
    elif [ -n "$alone" ]; then
        good "$1 stands on $alone, where somebody went ahead alone; look at it"
    elif [ -n "$missing" ]; then
        bad "$1" "quorum: $count of ${needed:-1} agreed, missing:$missing"
    else
        good "$1 has its quorum: $count of ${needed:-1},$names"
    fi
}

for folder in actions/*/; do
    [ -d "$folder" ] || continue
    folder=${folder%/}
    about=${folder#actions/}
    last=-1
    digest= action= ruling= agreed= refused= alone= orders=0
    # Names carry the entry's number, so this is the order of the ledger.
    for file in "$folder"/entry-*.json; do
        case $file in *.action.json | *.diff.json) continue ;; esac
        proved "$file" || continue
        number=${file##*/entry-}
        number=${number%%-*}
        while [ "$number" != "${number#0}" ] && [ "$number" != 0 ]; do number=${number#0}; done
        if [ "$number" != "$index" ] || [ "$index" -le "$last" ]; then
            bad "$file" "it is entry $index, and the name says another"
            continue
        fi
        last=$index
        line=$(cat "$file")
        case $line in
            "{\"about\":\"$about\",\"at\":\""*) ;;
            *) bad "$file" "it is not about $about"; continue ;;
        esac
        kind=${line##*'"kind":"'}
        kind=${kind%'"}'}
        case $kind in
            request) request "$file" ;;
            decision) signed "$file" ;;
            order)
                quorum "$file"
                case $line in
                    *'"verdict":"approve"'*) orders=$((orders + 1)) ;;
                esac
                agreed= refused= alone= ;;
            withdrawal)
                gone=$(between "$line" '"by":"' '"')
                agreed=$(printf '%s\n' "$agreed" | sed "/^$(printf %s "$gone" | sed 's/[^A-Za-z0-9_@-]/\\&/g') /d") ;;
            break-glass) alone="$file" ;;
        esac
    done
    if [ "$last" -lt 0 ]; then bad "$folder" "none of its entries is proved"; fi
    if [ "$orders" -gt 1 ]; then
        printf 'NOTE  %s was ordered %s times; look at the receipts between\n' "$about" "$orders"
    fi
done

# ---- the population: every entry between the two heads ----
mkdir "$tmp/level"
{ IFS= read -r header && [ "$header" = "entry,at,kind,about" ]; } < population.csv \
    || bad population.csv "its first line is not entry,at,kind,about"
count=0
wrong=
exec 3< population.jsonl 4< population.csv
IFS= read -r row <&4
while IFS= read -r line <&3; do
    { printf '\000'; printf %s "$line"; } > "$tmp/level/$((10000000 + count))"
    number=$((before + count))
    what=${line#'{"about":"'}
    what=${what%%'","at":"'*}
    at=${line#*'","at":"'}
    at=${at%%\"*}
    kind=${line##*'"kind":"'}
    kind=${kind%'"}'}
    case $what in *[,\"]*) what="\"$(printf %s "$what" | sed 's/"/""/g')\"" ;; esac
    IFS= read -r row <&4 || row=
    [ "$row" = "$number,$at,$kind,$what" ] || wrong="${wrong:-row of entry $number}"
    count=$((count + 1))
done
IFS= read -r row <&4 && wrong="${wrong:-there are rows behind the last entry}"
exec 3<&- 4<&-
if [ -n "$wrong" ]; then
    bad population.csv "it does not list the entries as they are ($wrong)"
else
    good "population.csv lists the $count entries of population.jsonl"
fi
# Level by level up the tree; at the left edge stand the peaks of the tree of the earlier head.
a=$before
b=$((before + count))
level=0
peaks=
old_peaks=
if [ "$count" -gt 0 ]; then (cd "$tmp/level" && sha256sum ./*) | cut -c1-64 > "$tmp/now"; else : > "$tmp/now"; fi
while [ "$b" -gt 0 ]; do
    if [ $((a % 2)) -eq 1 ]; then
        peak=
        while read -r at hash; do [ "$at" = "$level" ] && peak=$hash; done < peaks
        case $peak in *[!0-9a-f]* | '') bad peaks "the hash for level $level is missing"; peak=00 ;; esac
        old_peaks="$old_peaks $peak"
        { printf '%s\n' "$peak"; cat "$tmp/now"; } > "$tmp/more"
        cat "$tmp/more" > "$tmp/now"
        a=$((a - 1))
    fi
    rm -rf "$tmp/level"
    mkdir "$tmp/level"
    left=
    pairs=0
    while read -r hash; do
        if [ -z "$left" ]; then left=$hash; continue; fi
        octal "01$left$hash"
        printf "$octal" > "$tmp/level/$((10000000 + pairs))"
        pairs=$((pairs + 1))
        left=
    done < "$tmp/now"
    [ -n "$left" ] && peaks="$peaks $left"
    if [ "$pairs" -gt 0 ]; then (cd "$tmp/level" && sha256sum ./*) | cut -c1-64 > "$tmp/now"; else : > "$tmp/now"; fi
    a=$((a / 2)) b=$((b / 2)) level=$((level + 1))
done
# fold PEAKS, smallest first: the root of the tree
fold() {
    hash=
    for peak in "$@"; do
        if [ -z "$hash" ]; then hash=$peak; else hash=$(node "$peak" "$hash"); fi
    done
    printf %s "$hash"
}
if [ "$before" -gt 0 ]; then
    if [ "$(fold $old_peaks)" = "$before_root" ]; then
        good "peaks are those of the tree of checkpoint.before"
    else
        bad peaks "they are not those of the tree of checkpoint.before"
    fi
fi
if [ $((before + count)) != "$top" ] || [ "$(fold $peaks)" != "$top_root" ]; then
    bad population.jsonl "these are not all entries from $before up to $top, or one was altered"
else
    good "population: these $count entries are all there are between the heads of $before and $top"
fi

if [ "$bads" -eq 0 ]; then
    printf '\nGOOD: all %s checks\n' "$goods"
    exit 0
fi
printf '\nBAD: %s of %s checks\n' "$bads" "$((goods + bads))"
exit 1
