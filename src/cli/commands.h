/**
 * cli/commands - the subcommands: each one use case, run in this process or sent to the server
 * that holds the database.
 * Layer: cli.  Threads: the main one.
 *
 * argv[0] is the command's name. Each returns the exit code: 0 done; 1 the work itself found a
 * failure; 2 bad usage or bad input; 3 the surroundings. Messages go to standard error once, data
 * alone to standard output (cli/options.h has both ends of it). A command is in main's table only
 * when it works.
 */
#ifndef AW_CLI_COMMANDS_H
#define AW_CLI_COMMANDS_H

int aw_cmd_init(int argc, char **argv);		/* create a database, or migrate it */
int aw_cmd_demo(int argc, char **argv);		/* fill an empty database with the made-up city */
int aw_cmd_serve(int argc, char **argv);	/* the web server */
int aw_cmd_report(int argc, char **argv);	/* take in reports from a file */
int aw_cmd_import(int argc, char **argv);	/* load an extract of a register */
int aw_cmd_indicator(int argc, char **argv);	/* count an indicator */
int aw_cmd_link(int argc, char **argv);		/* link the rows of one table or two */
int aw_cmd_decide(int argc, char **argv);	/* evaluate a decision of a DMN file */
int aw_cmd_tck(int argc, char **argv);		/* run the DMN conformance kit */
int aw_cmd_policy(int argc, char **argv);	/* check and show a policy folder */
int aw_cmd_replay(int argc, char **argv);	/* policy replay: a period under a draft */
int aw_cmd_policy_sheet(int argc, char **argv); /* policy export, import: a table as a sheet */
int aw_cmd_release(int argc, char **argv);	/* policy propose, confirm, ...: by two persons */
int aw_cmd_audit(int argc, char **argv);	/* verify and export the log */
int aw_cmd_key(int argc, char **argv);		/* make, rotate and check the root key */
int aw_cmd_person(int argc, char **argv);	/* erase a person */
int aw_cmd_backup(int argc, char **argv);	/* the whole database as one sealed file */
int aw_cmd_restore(int argc, char **argv);	/* such a file into an empty database */
int aw_cmd_user(int argc, char **argv);		/* accounts */

#endif
