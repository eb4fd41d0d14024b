#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "block.h"

struct thread {
    struct pool *pool;
    int number;
};

struct pool {
    int threads;
    pthread_barrier_t begin, end;
    job *work;
    void *context;
    atomic_int item;
};

static void *work(void *argument) {
    struct thread *self = argument;
    prepare_thread();
    for (;;) { /* the threads end with the program */
        pthread_barrier_wait(&self->pool->begin);
        self->pool->work(self->pool->context, self->number);
        pthread_barrier_wait(&self->pool->end);
    }
    return NULL;
}

static void must(int error) {
    if (error) die("cannot start a thread: %s", strerror(error));
}

struct pool *new_pool(int threads) {
    if (threads < 1 || threads > 1024) die("threads must be 1 to 1024: %d", threads);
    struct pool *p = NEW(struct pool, 1);
    struct thread *each = NEW(struct thread, threads);
    p->threads = threads;
    must(pthread_barrier_init(&p->begin, NULL, (unsigned)threads));
    must(pthread_barrier_init(&p->end, NULL, (unsigned)threads));
    prepare_thread();
    for (int i = 1; i < threads; i++) {
        pthread_t id;
        each[i] = (struct thread){p, i};
        must(pthread_create(&id, NULL, work, &each[i]));
        must(pthread_detach(id));
    }
    return p;
}

int threads_of(const struct pool *p) { return p->threads; }

void run(struct pool *p, job *work_, void *context) {
    p->work = work_;
    p->context = context;
    atomic_store(&p->item, 0);
    pthread_barrier_wait(&p->begin);
    work_(context, 0);
    pthread_barrier_wait(&p->end);
}

int next_item(struct pool *p) { return atomic_fetch_add(&p->item, 1); }
