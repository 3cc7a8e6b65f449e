/*
 * The rig's hand on the simulated GPIO chip, inside the guest: pulls inputs and watches outputs by gpio-sim's files in /sys, with times of
 * CLOCK_MONOTONIC in ns. A shell is too slow for that: it starts a process for every wait.
 *
 *   rig-lines set LINE 0|1
 *   rig-lines get LINE
 *   rig-lines pulse LINE COUNT PERIOD_US WIDTH_US [BOUNCES]   prints the times before and after each rising
 *                                                             edge was pulled; bounces come 100 us apart
 *   rig-lines watch SECONDS LINE...                           prints LEVEL changes as "time line level", the levels at the start first
 *
 * Lines are named by their number on the chip. Exit code 1: a file could not be used.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Often enough to see a pulse of some ms well, and seldom enough to leave the guest's one processor to others. */
#define WATCH_INTERVAL_NS 300000

static void fail(const char *what)
{
    fprintf(stderr, "rig-lines: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_line(const char *line, const char *file, int flags)
{
    char pattern[200];
    glob_t found;
    int handle;
    snprintf(pattern, sizeof pattern, "/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio%s/%s", line, file);
    if (glob(pattern, 0, NULL, &found) != 0) {
        errno = ENOENT;
        fail(pattern);
    }
    handle = open(found.gl_pathv[0], flags);
    if (handle < 0)
        fail(found.gl_pathv[0]);
    globfree(&found);
    return handle;
}

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void wait_until(long long time)
{
    struct timespec t = { time / 1000000000LL, time % 1000000000LL };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

/* Between bounces: asleep the guest's clock follows the host's, which may be late by more than a debounce lasts; awake it counts instructions. */
static void spin_until(long long time)
{
    while (now() < time)
        ;
}

static void pull(int handle, int level)
{
    const char *text = level ? "pull-up" : "pull-down";
    if (pwrite(handle, text, strlen(text), 0) < 0)
        fail("pull");
}

static char level(int handle)
{
    char text[2] = "";
    if (pread(handle, text, sizeof text, 0) < 1)
        fail("value");
    return text[0];
}

static void pulse(const char *line, long count, long period_us, long width_us, long bounces)
{
    int handle = open_line(line, "pull", O_WRONLY);
    long long start = now();
    for (long i = 0; i < count; i++) {
        long long edge = start + i * period_us * 1000LL;
        wait_until(edge);
        edge = now();
        pull(handle, 1);
        long long pulled = now();
        for (long b = 0; b < bounces; b++) {
            spin_until(edge + (2 * b + 1) * 100000LL);
            pull(handle, 0);
            spin_until(edge + (2 * b + 2) * 100000LL);
            pull(handle, 1);
        }
        printf("%lld %lld\n", edge, pulled);
        wait_until(edge + width_us * 1000LL);
        pull(handle, 0);
    }
}

static void watch(double seconds, int count, char **lines)
{
    int handles[16];
    char levels[16] = "";
    long long end = now() + (long long)(seconds * 1e9);
    if (count > 16)
        exit(2);
    for (int i = 0; i < count; i++)
        handles[i] = open_line(lines[i], "value", O_RDONLY);
    while (now() < end) {
        for (int i = 0; i < count; i++) {
            char seen = level(handles[i]);
            if (seen != levels[i]) {
                printf("%lld %s %c\n", now(), lines[i], seen);
                fflush(stdout);
                levels[i] = seen;
            }
        }
        wait_until(now() + WATCH_INTERVAL_NS);
    }
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "set") == 0)
        pull(open_line(argv[2], "pull", O_WRONLY), argv[3][0] == '1');
    else if (argc == 3 && strcmp(argv[1], "get") == 0)
        printf("%c\n", level(open_line(argv[2], "value", O_RDONLY)));
    else if (argc >= 6 && strcmp(argv[1], "pulse") == 0)
        pulse(argv[2], atol(argv[3]), atol(argv[4]), atol(argv[5]), argc > 6 ? atol(argv[6]) : 0);
    else if (argc >= 4 && strcmp(argv[1], "watch") == 0)
        watch(atof(argv[2]), argc - 3, argv + 3);
    else
        return 2;
    return 0;
}
