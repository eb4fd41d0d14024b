/* A model in training: gradients of a batch over all threads, and the optimisers' steps. */
#ifndef TRC_TRAINER_H
#define TRC_TRAINER_H

#include "pass.h"
#include "pool.h"

struct trainer {
    struct model *model;
    struct pool *pool;
    struct pass *pass; /* one for each thread */
    float **scratch;   /* of Muon; one for each thread */
    double *squares;   /* of gradients that are clipped, for each item of the reduction */
};

/* One step's settings. */
struct rates {
    double rate, decay;               /* AdamW: embedding, output, norms; the decay not on norms */
    double matrix_rate, matrix_decay; /* Muon: the matrices of the layers */
    double momentum;                  /* Muon's */
    long number;                      /* of the step, from 1 */
};

struct trainer *new_trainer(struct model *, int threads);

/* Makes the packed copies of the weights; to be called after they were changed from outside. */
void pack_weights(struct trainer *);

/* Windows of context + 1 ids each. Losses of each token, in nats. */
void token_losses(struct trainer *, const uint16_t *windows, int count, float *losses);

/* Mean loss; the gradient of it, with respect to the weights, is then in the first thread's pass.
 */
double gradients(struct trainer *, const uint16_t *windows, int count);

/* Gradients, then a step of both optimisers. Returns the mean loss before it. */
double train_step(struct trainer *, const uint16_t *windows, int count, const struct rates *);

#endif
