/**
 * db/internal - what the modules of db/ may ask of an open database.
 * Layer: db, inside it alone.  Threads: constant after aw_db_open.
 */
#ifndef AW_DB_INTERNAL_H
#define AW_DB_INTERNAL_H

#include "db/db.h"

struct aw_engine;

const struct aw_engine *aw_db_engine(const struct aw_db *db);
const char *aw_db_url(const struct aw_db *db); /* borrowed */

#endif
