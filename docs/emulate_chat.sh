#!/bin/sh
# A host of chat (Debian's package ppp) and a shell: it has its module upgraded, or the software of an MCU behind it.
#
#     sh docs/emulate_chat.sh ./ttyQuectel0 [MCU VERSION]
#
# It ends with 0 after 7,10705, with 1 after 7,10706, and with 2 if something else came, or nothing. Blocks of an MCU's
# file are read by the shell: chat knows lines and no bytes, and has the terminal drop the eighth bit meanwhile.
set -eu
PATH=$PATH:/usr/sbin
mcu=${2-} runs=${3-}
block_B=1024
file=$(mktemp)
trap 'rm -f "$file"' EXIT

exec 3<>"$1"
stty raw -echo 115200 <&3

# What is awaited and said in turn.
talk() {
    chat -S -V TIMEOUT 120 ABORT 7,10706 "$@" <&3 >&3 || {
        [ $? -eq 4 ] && exit 1 # the first that aborts
        exit 2
    }
}

# The rest of the line of which chat has found the beginning.
rest() {
    read -r line <&3
    printf '%s' "$line" | tr -d '\r"'
}

# A block of the file, by its first byte and its length.
read_block() {
    printf 'AT+QIOTOTARD=%d,%d\r' "$1" "$2" >&3
    while read -r line <&3; do
        case $line in
        +QIOTOTARD:*) head -c "$2" <&3 >>"$file" && return ;;
        *7,10706*) exit 1 ;;
        ERROR*) exit 2 ;;
        esac
    done
    exit 2
}

talk '' AT OK ATE0 OK
[ -z "$mcu" ] || talk '' "AT+QIOTMCUVER=\"$mcu\",\"$runs\"" OK
talk '' AT+QIOTREG=1 3,10200 AT+QIOTOTAREQ=1 7,10700
IFS=, read -r _ _ _ target _ <<END
$(rest)
END
talk '' AT+QIOTUPDATE=1 7,10701

if [ -n "$mcu" ]; then
    IFS=, read -r _ _ _ md5 _ <<END
$(rest)
END
    end=0 size=1
    while [ "$end" -lt "$size" ]; do
        [ "$end" -eq 0 ] || talk '' AT+QIOTUPDATE=2 OK # the next piece
        talk 7,10703
        IFS=, read -r _ _ size start length <<END
$(rest)
END
        end=$((start + length))
        stty min 0 time 255 <&3 # a read ends after 25.5 s of nothing
        while [ "$start" -lt "$end" ]; do
            n=$((end - start < block_B ? end - start : block_B))
            read_block "$start" "$n"
            start=$((start + n))
        done
        stty min 1 <&3
    done
    read -r found _ <<END
$(md5sum "$file")
END
    if [ "$found" = "$md5" ]; then
        echo "$size bytes read, MD5 as announced"
    else
        echo "$size bytes read, MD5 WRONG"
        target=$runs # it keeps what it has
    fi
    talk '' AT+QIOTUPDATE=3 OK "AT+QIOTMCUVER=\"$mcu\",\"$target\"" OK
fi
talk 7,10705
echo >&2
