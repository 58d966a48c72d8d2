# --waitretry would wait for 1 s, 2 s, 3 s and so on. --wait takes its place if it is 0.
exec wget --no-config --no-verbose --output-document=/dev/null --tries=6 --wait=8 --waitretry=0 \
    --retry-connrefused --retry-on-http-error=502,503,504 \
    --post-data=chunk "$RETROSPEC_URL/api/v0/chunks/TESTSERIAL"
