#!/bin/sh
# Checks this folder without the program that made it:   sh verify.sh [KEY]
# KEY: the ledger's key (NAME+ID+BASE64) as you know it from elsewhere; without it the folder is only
# checked against itself. Needs sh, sha256sum, base64, openssl 3, ssh-keygen 8.9, and cat, cut, mktemp,
# od, rm, sed, tail, tr. Each line says GOOD or BAD; the status is 0 only where nothing is BAD.
#
# NOT checked here, but by `countersign ledger verify`: whether those who agreed were enough and the
# right ones (quorum, groups, who asked, one person with two names), and whether orders followed from
# that, once. Not checkable from one folder: that this head is the newest one, and whose keys they are.
set -eu
export LC_ALL=C TZ=UTC0
known=${1-}
cd -- "$(dirname -- "$0")"
tmp=$(mktemp -d)
bads=0
over=''
trap 'rm -rf "$tmp"; [ -n "$over" ] || echo "BAD   verify.sh: it did not come to its end"' EXIT
good() { printf 'GOOD  %s\n' "$1"; }
bad() { printf 'BAD   %s: %s\n' "$1" "$2"; bads=$((bads + 1)); }

has() { case $1 in *"$2"*) ;; *) return 1 ;; esac; } # TEXT PIECE
number() { case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac; }
sum() { sha256sum | { read -r first _; printf %s "$first"; }; }
hex() { base64 -d 2> /dev/null | od -An -v -tx1 | tr -d ' \n'; }
quoted() { sed 's/\\/\\\\/g; s/"/\\"/g; s/$/\\n/' | tr -d '\n'; } # as it stands in a JSON string
bytes() { # HEX: the bytes it stands for
    rest=$1; text=''
    while [ -n "$rest" ]; do
        byte=$((0x${rest%"${rest#??}"}))
        rest=${rest#??}
        text="$text\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    done
    printf "$text"
}
node() { bytes "01$1$2" | sum; } # two hashes to one; an entry's is over a byte 0 and it: RFC 6962, 2.1

# ---- every file is what it was when the folder was made ----
sha256sum -c --quiet --strict SHA256SUMS 2>&1 || bad SHA256SUMS "files are missing or altered, see above"

# ---- the ledger's key: in the BASE64, a byte 1 and the 32 bytes of Ed25519 (C2SP signed-note) ----
key=$(cat ledger.vkey); name=${key%%+*}
raw=$(printf %s "${key#*+*+}" | hex)
id=$({ printf '%s\n' "$name"; bytes "$raw"; } | sum | cut -c1-8) # named by the first four bytes
bytes "302a300506032b6570032100${raw#01}" > "$tmp/key.der"
if [ "${#raw} 01${raw#01} $name+$id+${key#*+*+}" != "66 $raw $key" ]; then bad ledger.vkey "this is no key of a ledger"
elif [ "${known:-$key}" != "$key" ]; then bad ledger.vkey "it is not the key you know: another ledger's, or swapped"
else good "ledger.vkey is the key of $name${known:+, and the one you know}"; fi

# ---- its heads (C2SP tlog-checkpoint): head FILE sets $size and $root ----
head() {
    origin=''; size=''; root=''; signed=''
    { read -r origin; read -r size; read -r root; } < "$1" || :
    root=$(printf %s "$root" | hex)
    sed '/^$/,$d' "$1" > "$tmp/head"
    while read -r dash who sig; do
        [ "$dash $who" = "— $name" ] || continue
        printf %s "$sig" | base64 -d 2> /dev/null | tail -c +5 > "$tmp/sig" # behind the key's id
        if openssl pkeyutl -verify -pubin -keyform DER -inkey "$tmp/key.der" -rawin \
            -in "$tmp/head" -sigfile "$tmp/sig" > /dev/null 2>&1; then signed=yes; fi
    done < "$1"
    number "$size" && [ "$origin ${#root} $signed" = "$name 64 yes" ] ||
        { bad "$1" "the ledger has not signed this"; size=0; return 0; }
    good "$1: the ledger signed $size entries with this root"
}
before=0; before_root=''
if [ -f checkpoint.before ]; then head checkpoint.before; before=$size; before_root=$root; fi
head checkpoint

# proved FILE: whether this is the entry of that number in the tree of the head (C2SP tlog-proof)
proved() {
    form=''; word=''; index=''
    { read -r form; read -r word index; } < "$1.tlog-proof" || :
    number "$index" && [ "$form $word" = "c2sp.org/tlog-proof@v1 index" ] || { bad "$1" "it has no proof"; return 1; }
    hash=$({ printf '\000'; cat "$1"; } | sum); at=$index; last=$((size - 1))
    for other in $(sed '1,2d; /^$/,$d' "$1.tlog-proof"); do
        other=$(printf %s "$other" | hex)
        if [ $((at % 2)) = 1 ] || [ "$at" = "$last" ]; then
            hash=$(node "$other" "$hash")
            while [ $((at % 2)) = 0 ] && [ "$at" != 0 ]; do at=$((at / 2)); last=$((last / 2)); done
        else hash=$(node "$hash" "$other"); fi
        at=$((at / 2)); last=$((last / 2))
    done
    has "$1" "/entry-$(printf %08d "$index")-" && [ "$last $hash" = "0 $root" ] &&
        [ "$(sed '1,/^$/d' "$1.tlog-proof")" = "$(cat checkpoint)" ] ||
        { bad "$1" "it, its number or its proof is not that of the ledger"; return 1; }
    good "$1 is in the ledger"
}

# request: the canonical action that people sign the SHA-256 of; sets $action and $digest
request() {
    action=$(cat "$base.action"); diff=$(cat "$base.diff"); digest=$(sum < "$base.action")
    has "$entry" "\"body\":{\"action\":$action,\"diff\":$diff,\"digest\":\"sha256:$digest\"," &&
        has "$action" "\"diff\":\"sha256:$(sum < "$base.diff")\"" ||
        { bad "$base" "action, diff or digest is not the one in the ledger"; return 0; }
    good "$base is this action with this diff, $digest"
}

# decision: whether that person signed it, on exactly $digest, with a key that was theirs then
decision() {
    [ -f "$base.statement" ] || { bad "$base" "nobody signed it, so it proves nothing"; return 0; }
    said=$(cat "$base.statement"); inside=$(quoted < "$base.statement"); armour=$(quoted < "$base.sig")
    has "$entry" "\"signed\":{\"signature\":\"$armour\",\"statement\":\"${inside%\\n}\"}" ||
        has "$entry" "\"signed\":{\"signature\":\"${armour%\\n}\",\"statement\":\"${inside%\\n}\"}" ||
        { bad "$base" "statement or signature is not the one in the ledger"; return 0; }
    when=${said#*'"at":"'}; when=$(printf %s "${when%%'"'*}" | cut -c1-19 | tr -d T:-)
    policy=${said##*'"policy":'}; policy=${policy%%',"reason":'*}
    who=${said##*'"reviewer":"'}; who=$(printf %s "${who%%'"'*}" | sed 's/\\\\/\\/g')
    roster=${said##*'"roster":"sha256:'}; roster=${roster%%'"'*}; people=rosters/$roster
    verdict=${said##*'"verdict":"'}; verdict=${verdict%'"}'}
    has "$said" "{\"action\":\"$about\",\"at\":\"" && has "$said" '","format":"countersign-decision@v1",' &&
        has "$said" "\"digest\":\"sha256:$digest\",\"expires\":\"" && { has "$action" "\"policy\":$policy," || ! has "$action" '"policy":{'; } ||
        { bad "$base" "it is not on this action, as it was shown, under its policy"; return 0; }
    for noted in "$people"/entry-*-roster.json; do proved "$noted" || return 0; done
    list=$(cat "$people/roster.json")
    [ "$(sum < "$people/roster.json")" = "$roster" ] && has "$(cat "$noted")" "\"body\":{\"digest\":\"sha256:$roster\"," &&
        has "$list" "\"signers\":\"sha256:$(sum < "$people/allowed_signers")\"" ||
        { bad "$people" "these are not the reviewers and keys of that time"; return 0; }
    set -- -I "$who" -n countersign-decision@v1 -s "$base.sig" -f "$people/allowed_signers" -O "verify-time=$when"
    if ! has "$list" '"revoked":null'; then
        has "$list" "\"revoked\":\"sha256:$(sum < "$people/revoked")\"" || { bad "$people/revoked" "it is another"; return 0; }
        set -- "$@" -r "$people/revoked"
    fi
    told=$(ssh-keygen -Y verify "$@" < "$base.statement" 2>&1) || { bad "$base.sig" "ssh-keygen: $told"; return 0; }
    # What ssh-keygen does not ask: was the security key touched (1), and its PIN given (4)?
    flags=0; need=0
    if has "$told" '-SK key'; then flags=$(sed '/^-/d' "$base.sig" | base64 -d | tail -c 5 | od -An -tu1 -N1); fi
    case $verdict$action in
        reject* | withdraw*) ;;
        *'"signing":"verified"'* | *'"signing":"out-of-band"'* | break-glass*'"break_glass":"verified"'*) need=5 ;;
        *'"signing":"touch"'* | break-glass*) need=1 ;;
    esac
    [ $((flags & need)) = $need ] || { bad "$base.sig" "policy asked for a touched security key, this was none"; return 0; }
    case $verdict in approve) did=approved ;; reject) did=rejected ;; withdraw) did='took back approving' ;;
        break-glass) did='broke the glass for' ;; *) bad "$base" "it says neither yes nor no"; return 0 ;; esac
    good "$base.sig: $who $did exactly this, with a key that was theirs"
}

# ---- each action: its entries, in the order of the ledger ----
for folder in actions/*/; do
    about=${folder#actions/}; about=${about%/}; action=none; digest=none
    for file in "$folder"entry-*.json; do
        proved "$file" || continue
        entry=$(cat "$file"); base=${file%.json}
        has "$entry" "{\"about\":\"$about\",\"at\":\"" || bad "$file" "it is about another action"
        case ${entry##*'"kind":"'} in
            'request"}') request ;;
            'decision"}' | 'break-glass"}' | 'withdrawal"}') decision ;;
        esac
    done
done

# ---- the rules of the time: rulings name them by the SHA-256 of their text ----
for file in policies/*/policy.cedar; do
    [ -f "$file" ] || continue
    is=$(sum < "$file")
    for noted in "policies/$is"/entry-*-policy.json; do proved "$noted" || continue 2; done
    [ "$file" = "policies/$is/policy.cedar" ] && has "$(cat "$noted")" "\"digest\":\"sha256:$is\"" ||
        { bad "$file" "it is not the policy in the ledger"; continue; }
    good "$file is a policy that was in force"
done

# ---- the population: between the two heads these entries, and no others ----
peaks=$(tr '\n' ' ' < peaks) # subtrees of the earlier tree that the new entries continue, smallest first
fold() { # SIZE PEAK...: the root of the tree of so many entries
    bits=$1; hash=''; shift
    while [ "$bits" -gt 0 ]; do
        if [ $((bits % 2)) = 1 ]; then hash=${hash:+$(node "$1" "$hash")}; hash=${hash:-$1}; shift; fi
        bits=$((bits / 2))
    done
    [ $# = 0 ] && printf %s "$hash"
}
[ "$(fold "$before" $peaks)" = "$before_root" ] || bad peaks "they are not those of the earlier head"
next=$before
printf 'entry,at,kind,about\n' > "$tmp/csv"
while IFS= read -r line; do
    what=${line#'{"about":"'}; what=${what%%'","at":"'*}
    at=${line#*'","at":"'}; at=${at%%'"'*}
    kind=${line##*'"kind":"'}; kind=${kind%'"}'}
    file=actions/$what/entry-$(printf %08d "$next")-$kind.json
    case $what in a-*) [ ! -d "actions/$what" ] || [ "$(cat "$file" 2>&1)" = "$line" ] || bad "$file" "it is missing" ;; esac
    case $what in *[,\"]*) what="\"$(printf %s "$what" | sed 's/"/""/g')\"" ;; esac
    printf '%s,%s,%s,%s\n' "$next" "$at" "$kind" "$what" >> "$tmp/csv"
    hash=$(printf '\000%s' "$line" | sum); bits=$next; next=$((next + 1))
    while [ $((bits % 2)) = 1 ]; do
        hash=$(node "${peaks%% *}" "$hash"); peaks=${peaks#* }; bits=$((bits / 2))
    done
    peaks="$hash $peaks"
done < population.jsonl
if [ "$next $(fold "$next" $peaks)" != "$size $root" ]; then bad population.jsonl "these are not all entries from $before up to $size"
elif [ "$(sum < population.csv)" != "$(sum < "$tmp/csv")" ]; then bad population.csv "it is not the table of these entries"
else good "population: these $((next - before)) entries are all there are between the heads of $before and $size"; fi

over=yes
[ "$bads" = 0 ] || { echo "BAD: $bads of these checks"; exit 1; }
echo "GOOD: everything here. Whether enough of the right people agreed is not checked (see the head of verify.sh)."
