/* Threads that do one job after another together; the caller is the first of them. */
#ifndef TRC_POOL_H
#define TRC_POOL_H

struct pool;

/* A thread's part of a job. */
typedef void job(void *context, int thread);

struct pool *new_pool(int threads);
int threads_of(const struct pool *);
void run(struct pool *, job *, void *context);
/* Within a job: the next of its items, for whoever is free. Which thread does an item must not
 * matter. */
int next_item(struct pool *);

#endif
