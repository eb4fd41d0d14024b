/* trc-train: the arithmetic of training on a CPU, driven by `python3 -m trctrain train`.
 *
 * usage: trc-train VOCABULARY CONTEXT EMBEDDING LAYERS HEADS FEED_FORWARD UNTIED THREADS [KERNEL]
 *
 * Commands come on standard input, a line each, some with data behind it; each is answered by a
 * line on standard output, some with data behind it. Data are little-endian: windows of CONTEXT + 1
 * ids of 16 bits, floats of 32 bits. Files hold floats: weights, first and second moments, each in
 * the order of the GGUF file, from an offset on. load OFFSET PATH                     -> ok save
 * OFFSET PATH                     -> ok          PATH exists and is OFFSET bytes long step COUNT
 * RATE DECAY MATRIX_RATE MATRIX_DECAY MOMENTUM NUMBER, windows   -> loss MEAN losses COUNT, windows
 * -> losses NUMBER, floats gradients COUNT, windows             -> gradients NUMBER LOSS, floats in
 * the order of the GGUF file At the end of the input it ends; at an error too, with a message and
 * status 1. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trainer.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "files and streams are little-endian, and so must the machine be"
#endif

static int whole_number(const char *text, const char *name) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < 0 || value > 1000000) die("%s is %s", name, text);
    return (int)value;
}

/* Weights and moments to a file, or from it. */
static void move_state(struct model *m, const char *path, long offset, bool out) {
    float *part[] = {m->weight, m->first, m->second};
    size_t count = (size_t)m->count;
    float *file_order = malloc(count * sizeof(float));
    FILE *file = fopen(path, out ? "r+b" : "rb");
    if (!file_order) die("no memory for %zu numbers", count);
    if (!file) die("%s: %s", path, strerror(errno));
    if (fseek(file, offset, SEEK_SET)) die("%s: %s", path, strerror(errno));
    for (int i = 0; i < 3; i++) {
        if (out) to_file_order(&m->shape, part[i], file_order);
        size_t n = out ? fwrite(file_order, sizeof(float), count, file)
                       : fread(file_order, sizeof(float), count, file);
        if (n != count) die("%s: %s", path, ferror(file) ? strerror(errno) : "too short");
        if (!out) from_file_order(&m->shape, file_order, part[i]);
    }
    if (out && (fflush(file) || fsync(fileno(file)))) die("%s: %s", path, strerror(errno));
    if (fclose(file)) die("%s: %s", path, strerror(errno));
    free(file_order);
}

/* The windows behind a command. */
static uint16_t *read_windows(const struct shape *s, int count) {
    if (count < 1 || count > 1 << 20) die("%d windows are not sensible", count);
    size_t n = (size_t)count * ((size_t)s->context + 1);
    uint16_t *windows = malloc(n * sizeof *windows);
    if (!windows) die("no memory for %zu ids", n);
    if (fread(windows, sizeof *windows, n, stdin) != n) die("the windows end too early");
    for (size_t i = 0; i < n; i++)
        if (windows[i] >= s->vocabulary) die("id %d is beyond the vocabulary", windows[i]);
    return windows;
}

static void write_floats(const float *x, size_t n) {
    if (fwrite(x, sizeof *x, n, stdout) != n) die("standard output: %s", strerror(errno));
}

static void obey(struct trainer *t, char *line) {
    const struct shape *s = &t->model->shape;
    int count, path = 0;
    long offset;
    struct rates r;
    line[strcspn(line, "\n")] = 0;
    if (sscanf(line, "load %ld %n", &offset, &path) == 1 && path) {
        move_state(t->model, line + path, offset, false);
        pack_weights(t);
        printf("ok\n");
    } else if (sscanf(line, "save %ld %n", &offset, &path) == 1 && path) {
        move_state(t->model, line + path, offset, true);
        printf("ok\n");
    } else if (sscanf(line, "step %d %lf %lf %lf %lf %lf %ld", &count, &r.rate, &r.decay,
                      &r.matrix_rate, &r.matrix_decay, &r.momentum, &r.number) == 7) {
        uint16_t *windows = read_windows(s, count);
        printf("loss %.9g\n", train_step(t, windows, count, &r));
        free(windows);
    } else if (sscanf(line, "losses %d", &count) == 1) {
        uint16_t *windows = read_windows(s, count);
        size_t n = (size_t)count * (size_t)s->context;
        float *losses = malloc(n * sizeof *losses);
        if (!losses) die("no memory for %zu losses", n);
        token_losses(t, windows, count, losses);
        printf("losses %zu\n", n);
        write_floats(losses, n);
        free(losses);
        free(windows);
    } else if (sscanf(line, "gradients %d", &count) == 1) {
        uint16_t *windows = read_windows(s, count);
        double loss = gradients(t, windows, count);
        float *file_order = malloc((size_t)t->model->count * sizeof(float));
        if (!file_order) die("no memory for %ld gradients", t->model->count);
        to_file_order(s, t->pass[0].gradient, file_order);
        printf("gradients %ld %.9g\n", t->model->count, loss);
        write_floats(file_order, (size_t)t->model->count);
        free(file_order);
        free(windows);
    } else {
        die("no such command: %s", line);
    }
    if (fflush(stdout)) die("standard output: %s", strerror(errno));
}

int main(int count, char **argument) {
    static const char *kernels[] = {[PLAIN] = "plain", [BF16] = "bf16", [AMX] = "amx"};
    if (count != 9 && count != 10)
        die("usage: trc-train VOCABULARY CONTEXT EMBEDDING LAYERS HEADS FEED_FORWARD UNTIED "
            "THREADS [KERNEL]");
    enum kernel kernel = best_kernel();
    if (count == 10) {
        kernel = PLAIN;
        while (kernel <= AMX && strcmp(argument[9], kernels[kernel])) kernel++;
        if (kernel > AMX) die("kernels are plain, bf16 and amx, not %s", argument[9]);
    }
    use_kernel(kernel);
    struct shape s = {.vocabulary = whole_number(argument[1], "the vocabulary"),
                      .context = whole_number(argument[2], "the context"),
                      .embedding = whole_number(argument[3], "the embedding"),
                      .layers = whole_number(argument[4], "the number of layers"),
                      .heads = whole_number(argument[5], "the number of heads"),
                      .feed_forward = whole_number(argument[6], "the feed-forward size"),
                      .untied = whole_number(argument[7], "untied") != 0};
    struct trainer *t =
        new_trainer(new_model(s), whole_number(argument[8], "the number of threads"));
    printf("ready %s %ld\n", kernels[kernel], t->model->count);
    if (fflush(stdout)) die("standard output: %s", strerror(errno));
    char line[8192];
    while (fgets(line, sizeof line, stdin)) {
        if (!strchr(line, '\n')) die("a command is too long or has no end");
        obey(t, line);
    }
    return 0;
}
