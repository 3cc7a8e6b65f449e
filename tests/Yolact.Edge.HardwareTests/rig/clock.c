/*
 * The rig's hand on the guest's clock.
 *
 *   rig-clock               prints CLOCK_MONOTONIC and CLOCK_REALTIME of one moment, in ns
 *   rig-clock sync|unsync   tells the kernel that the wall clock is, or is not, synchronised, as a time daemon would
 *
 * Exit code 1: the kernel refused.
 */
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

static long long ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv)
{
    struct timex t = { .modes = 0 };
    if (argc == 1) {
        long long monotonic = ns(CLOCK_MONOTONIC);
        printf("%lld %lld\n", monotonic, ns(CLOCK_REALTIME));
        return 0;
    }
    if (argc != 2 || (strcmp(argv[1], "sync") != 0 && strcmp(argv[1], "unsync") != 0))
        return 2;
    if (adjtimex(&t) < 0) {
        perror("rig-clock");
        return 1;
    }
    t.modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR;
    t.status = argv[1][0] == 's' ? t.status & ~STA_UNSYNC : t.status | STA_UNSYNC;
    t.maxerror = t.esterror = argv[1][0] == 's' ? 1000 : 16000000;
    if (adjtimex(&t) < 0) {
        perror("rig-clock");
        return 1;
    }
    return 0;
}
