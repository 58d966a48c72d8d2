# --retry-delay replaces the doubling from 1 s on. --retry-connrefused is for a server that does not listen.
exec curl --disable --silent --show-error --retry 5 --retry-delay 8 --retry-connrefused \
    --data chunk "$RETROSPEC_URL/api/v0/chunks/TESTSERIAL"
