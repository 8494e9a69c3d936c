/* The route table: one line a route. A route that is not here does not exist. */
#include "net/route.h"

#include <string.h>

#include "city/desk/desk.h"
#include "city/desk/draft_pages.h"
#include "city/desk/glass_pages.h"
#include "city/desk/log_pages.h"
#include "city/desk/notice_pages.h"
#include "city/desk/override_pages.h"
#include "city/desk/own_account.h"
#include "city/desk/proposal_pages.h"
#include "city/desk/replay_page.h"
#include "city/desk/sheet_pages.h"
#include "city/desk/review.h"
#include "city/dispatch/pages.h"
#include "city/family/pages.h"
#include "city/intake/held.h"
#include "city/intake/pages.h"
#include "city/indicator/pages.h"
#include "city/person/pages.h"
#include "guard/access.h"
#include "guard/glass.h"
#include "net/life.h"

/* -- what forms and queries hold ------------------------------------------------------------------ */

#define TEXT(name)                                                                                 \
	{                                                                                          \
		(name), AW_INPUT_TEXT, false                                                       \
	}
#define NEEDS(name)                                                                                \
	{                                                                                          \
		(name), AW_INPUT_TEXT, true                                                        \
	}
#define FLAG(name)                                                                                 \
	{                                                                                          \
		(name), AW_INPUT_FLAG, false                                                       \
	}
#define NUMBER(name)                                                                               \
	{                                                                                          \
		(name), AW_INPUT_NUMBER, true                                                      \
	}
#define DAY(name)                                                                                  \
	{                                                                                          \
		(name), AW_INPUT_DAY, false                                                        \
	}
#define IN(list) (list), AW_COUNT(list)
#define NO_IN NULL, 0

static const struct aw_input next_in[] = { TEXT("next") };
static const struct aw_input events_in[] = { TEXT("after"), TEXT("report") };
static const struct aw_input login_in[] = { NEEDS("login"), NEEDS("password"), TEXT("next") };
static const struct aw_input password_in[] = { NEEDS("old"), NEEDS("new"), NEEDS("again") };
static const struct aw_input code_in[] = { NEEDS("code") };
static const struct aw_input prove_in[] = { TEXT("code"), TEXT("password"), TEXT("next") };
static const struct aw_input glass_show_in[] = { TEXT("person") };
static const struct aw_input glass_in[] = { NEEDS("person"), NEEDS("reason"), NEEDS("words") };
static const struct aw_input judge_in[] = { NEEDS("justified"), NEEDS("words") };
static const struct aw_input session_in[] = { NEEDS("session") };
static const struct aw_input until_in[] = { DAY("until") };
static const struct aw_input reset_in[] = { NEEDS("reason") };
static const struct aw_input purpose_in[] = { NEEDS("purpose"), TEXT("next") };
static const struct aw_input show_in[] = { TEXT("show") };
static const struct aw_input part_in[] = { TEXT("part") };
static const struct aw_input propose_in[] = { TEXT("release"), DAY("from"), NEEDS("words") };
static const struct aw_input draft_in[] = { NEEDS("name") };
static const struct aw_input draft_save_in[] = { NEEDS("model"), NUMBER("version") };
static const struct aw_input sheet_in[] = { TEXT("sheet"), TEXT("file") };
static const struct aw_input sheet_keep_in[] = { NEEDS("sheet"), NUMBER("version") };
static const struct aw_input draft_edit_in[] = { TEXT("table") };
static const struct aw_input replay_in[] = { TEXT("period"), TEXT("first") };
static const struct aw_input draft_propose_in[] = { DAY("from"), NEEDS("words") };
static const struct aw_input words_in[] = { NEEDS("words") };
static const struct aw_input period_in[] = { TEXT("period") };
static const struct aw_input override_in[] = { TEXT("table"), TEXT("rule"), TEXT("period") };
static const struct aw_input fairness_in[] = { TEXT("year"), TEXT("by"), TEXT("of") };
static const struct aw_input indicator_in[] = { TEXT("period"), TEXT("definition"), TEXT("by") };
static const struct aw_input indicator_rows_in[] = { TEXT("period"), TEXT("definition"), TEXT("by"),
	TEXT("group"), TEXT("part"), TEXT("from") };
static const struct aw_input state_in[] = { TEXT("state") };
static const struct aw_input log_in[] = { TEXT("person"), TEXT("login"), TEXT("object"),
	TEXT("action"), TEXT("outcome"), DAY("from"), DAY("to"), TEXT("before"), TEXT("check") };
static const struct aw_input finding_in[] = { NEEDS("finding") };
static const struct aw_input accounts_in[] = { TEXT("unit"), TEXT("state") };
static const struct aw_input sender_in[] = { NEEDS("sender") };
static const struct aw_input people_in[] = { TEXT("search") };
static const struct aw_input search_in[] = { NEEDS("q") };
static const struct aw_input person_in[] = { TEXT("name"), TEXT("national_id"), TEXT("birth_date"),
	TEXT("sex"), TEXT("phone"), TEXT("address"), FLAG("sure") };
static const struct aw_input record_link_in[] = { NEEDS("link"), NEEDS("choice"), TEXT("reason"),
	TEXT("words") };
static const struct aw_input home_in[] = { NEEDS("person"), NEEDS("choice"), TEXT("reason") };
static const struct aw_input queue_in[] = { TEXT("register"), TEXT("why"), TEXT("search"),
	TEXT("page") };
static const struct aw_input pair_in[] = { NEEDS("choice"), TEXT("reason"), TEXT("words") };
static const struct aw_input open_in[] = { NEEDS("kind"), TEXT("level") };
static const struct aw_input board_in[] = { TEXT("kind"), TEXT("district"), FLAG("mine"),
	FLAG("urgent") };
static const struct aw_input link_in[] = { NUMBER("position"), NEEDS("choice"), TEXT("person") };
static const struct aw_input screen_in[] = { NUMBER("index"), NEEDS("result"),
	TEXT("duplicate_of") };
static const struct aw_input edit_in[] = { NEEDS("unit"), TEXT("role"), TEXT("task"), TEXT("side"),
	FLAG("remove"), NEEDS("reason"), TEXT("note") };
static const struct aw_input grade_in[] = { TEXT("level"), TEXT("child_class"), TEXT("priority"),
	NEEDS("reason"), TEXT("note") };
static const struct aw_input submit_in[] = { TEXT("note"), FLAG("follow_up") };
static const struct aw_input reason_in[] = { NEEDS("reason") };
static const struct aw_input answer_in[] = { NEEDS("answer"), TEXT("note") };
static const struct aw_input return_in[] = { NEEDS("code"), TEXT("note") };
static const struct aw_input worker_in[] = { NEEDS("worker") };
static const struct aw_input redirect_in[] = { NEEDS("to"), NEEDS("reason"), TEXT("note") };
static const struct aw_input note_in[] = { NEEDS("note") };
static const struct aw_input settle_in[] = { NEEDS("to"), TEXT("note") };
static const struct aw_input assess_in[] = { NUMBER("position"), NEEDS("findings") };
static const struct aw_input contact_in[] = { NUMBER("position"), NEEDS("form"), NEEDS("outcome"),
	DAY("at_day"), TEXT("at_time"), TEXT("partner"), TEXT("note") };
static const struct aw_input decide_in[] = { NUMBER("issue"), NEEDS("reason"), TEXT("level") };
static const struct aw_input issue_in[] = { NUMBER("issue") };
static const struct aw_input case_contact_in[] = { NEEDS("person"), NEEDS("form"), NEEDS("outcome"),
	DAY("at_day"), TEXT("at_time"), TEXT("partner"), TEXT("note") };
static const struct aw_input goal_in[] = { NEEDS("goal"), TEXT("step"), NEEDS("responsible"),
	DAY("due") };
static const struct aw_input kind_in[] = { TEXT("kind") };
static const struct aw_input form_in[] = { TEXT("kind"), TEXT("step"), TEXT("go") };
static const struct aw_input status_in[] = { TEXT("number"), TEXT("code") };
static const struct aw_input supplement_in[] = { NEEDS("number"), NEEDS("code"), TEXT("narrative"),
	TEXT("address"), TEXT("phone") };
static const struct aw_input list_in[] = { TEXT("state"), TEXT("kind"), TEXT("district"),
	TEXT("channel"), TEXT("number"), DAY("from"), DAY("to"), TEXT("after") };
static const struct aw_input release_in[] = { { "numbers", AW_INPUT_LIST, false }, FLAG("all") };
static const struct aw_input refuse_in[] = { { "numbers", AW_INPUT_LIST, true }, NEEDS("reason") };
static const struct aw_input ask_in[] = { { "items", AW_INPUT_LIST, true } };
static const struct aw_input add_in[] = { TEXT("narrative"), TEXT("address"), TEXT("phone") };
static const struct aw_input report_in[] = { NEEDS("kind"), TEXT("received_at"), TEXT("channel"),
	FLAG("urgent"), { "reporter", AW_INPUT_OBJECT, false },
	{ "incident", AW_INPUT_OBJECT, false }, { "persons", AW_INPUT_OBJECTS, false },
	{ "answers", AW_INPUT_OBJECT, false }, TEXT("centre_only") };
static const struct aw_input goal_set_in[] = { NEEDS("state") };

/* -- the list ------------------------------------------------------------------------------------- */

#define WORK "/reports/{number}/units/{unit}/work"
#define UNIT(act) "/reports/{number}/units/{unit}/" act
#define REPORT "/reports/{number}"
#define CASE "/cases/{number}"
#define DRAFT "/policy/drafts/{number}"
#define PROPOSAL "/policy/proposals/{number}"

/* clang-format off */
static const struct aw_route routes[] = {
	/* the house itself */
	{ "GET", "/", "public", "home", AW_ROUTE_NONE, NULL, aw_own_home, NULL, NO_IN, "To one's work, or to the public form", NULL },
	{ "GET", "/healthz", "public", "health", AW_ROUTE_NONE, NULL, aw_own_health, NULL, NO_IN, "Answers while the database does", NULL },
	{ "POST", "/csp-report", "public", "csp.report", AW_ROUTE_NONE, NULL, aw_own_csp_report, NULL, NO_IN, "Takes what a browser says that the pages' Content-Security-Policy kept out: application/csp-report or application/reports+json, 16 KiB", NULL },
	{ "GET", "/openapi.json", "public", "openapi", AW_ROUTE_NONE, NULL, aw_own_openapi, NULL, NO_IN, "This interface as an OpenAPI 3.1 document", NULL },
	{ "GET", "/events", "signed-in", "events", AW_ROUTE_NONE, NULL, aw_own_events, NULL, IN(events_in), "Says that something of a page has changed: a stream of server-sent events", NULL },
	{ "GET", "/login", "public", "login", AW_ROUTE_NONE, NULL, aw_own_login_form, &aw_login_view, IN(next_in), "The login form", NULL },
	{ "POST", "/login", "public", "login", AW_ROUTE_NONE, NULL, aw_own_login, &aw_login_view, IN(login_in), "Starts a session", NULL },
	{ "GET", "/login/factor", "password", "login.factor", AW_ROUTE_NONE, NULL, aw_own_factor_form, &aw_prove_view, IN(next_in), "Asks for the second factor", NULL },
	{ "POST", "/login/factor", "password", "login.factor", AW_ROUTE_NONE, NULL, aw_own_factor, &aw_prove_view, IN(prove_in), "Gives the second factor: a code of the telephone, or a recovery code", NULL },
	{ "GET", "/verify", "own-account", "session.verify", AW_ROUTE_NONE, NULL, aw_own_verify_form, &aw_prove_view, IN(next_in), "Asks for a fresh proof before protected things are shown", NULL },
	{ "POST", "/verify", "own-account", "session.verify", AW_ROUTE_NONE, NULL, aw_own_verify, &aw_prove_view, IN(prove_in), "Gives the proof: the code where there is a second factor, else the password", NULL },
	{ "POST", "/logout", "password", "logout", AW_ROUTE_NONE, NULL, aw_own_logout, NULL, NO_IN, "Ends the session", NULL },
	{ "GET", "/purpose", "signed-in", "session.purposes", AW_ROUTE_NONE, NULL, aw_own_purposes, &aw_purpose_view, IN(next_in), "The purposes one may act for", NULL },
	{ "POST", "/purpose", "signed-in", "session.purpose", AW_ROUTE_NONE, NULL, aw_own_purpose, NULL, IN(purpose_in), "Acts for another purpose from now on", NULL },

	/* one's own account */
	{ "GET", "/account", "own-account", "account.own", AW_ROUTE_READ, aw_own_account_show, NULL, &aw_own_account_view, NO_IN, "One's own account and its second factor", NULL },
	{ "GET", "/account/sign-ins", "own-account", "account.signins", AW_ROUTE_READ, aw_own_signins_show, NULL, &aw_own_signins_view, IN(next_in), "One's own sign-ins, failed tries, and changes of password and second factor; who has just signed in is led here when something is to be looked at", NULL },
	{ "GET", "/account/sessions", "own-account", "account.sessions", AW_ROUTE_READ, aw_own_sessions_show, NULL, &aw_own_sessions_view, NO_IN, "One's own open sessions", NULL },
	{ "POST", "/account/sessions/end", "own-account", "account.session_end", AW_ROUTE_WRITE, aw_own_session_shut, NULL, NULL, IN(session_in), "Ends another session of one's own", "/account/sessions" },
	{ "POST", "/account/sessions/end-others", "own-account", "account.sessions_end", AW_ROUTE_WRITE, aw_own_sessions_shut, NULL, NULL, NO_IN, "Ends every session of one's own but this one", "/account/sessions" },
	{ "GET", "/account/password", "own-account", "account.password", AW_ROUTE_NONE, NULL, aw_own_password_form, &aw_password_view, NO_IN, "The form for another password", NULL },
	{ "POST", "/account/password", "own-account", "account.password", AW_ROUTE_NONE, NULL, aw_own_password, &aw_password_view, IN(password_in), "Changes one's own password, by the old one; ends one's other sessions", NULL },
	{ "POST", "/account/factor", "own-account", "factor.begin", AW_ROUTE_WRITE, aw_factor_start, NULL, NULL, NO_IN, "Makes a secret for a second factor", "/account" },
	{ "GET", "/account/factor", "own-account", "factor.secret", AW_ROUTE_READ, aw_factor_show, NULL, &aw_factor_view, NO_IN, "The secret as QR code and text, until it is answered", NULL },
	{ "POST", "/account/factor/confirm", "own-account", "factor.confirm", AW_ROUTE_WRITE, aw_factor_answer, NULL, &aw_recovery_view, IN(code_in), "Answers with the first code; shows the recovery codes once", "/account/factor" },
	{ "POST", "/account/factor/codes", "own-account", "factor.codes", AW_ROUTE_WRITE, aw_factor_recover, NULL, &aw_recovery_view, NO_IN, "Makes the recovery codes anew and shows them once", "/account" },
	{ "POST", "/account/factor/remove", "own-account", "factor.remove", AW_ROUTE_WRITE, aw_factor_drop, NULL, NULL, NO_IN, "Takes one's second factor away", "/account" },

	/* desk */
	{ "GET", "/work", "desk.view", "desk.work", AW_ROUTE_READ, aw_my_work_show, NULL, &aw_my_work_view, IN(show_in), "What waits for the viewer, overdue first", NULL },
	{ "GET", "/policy", "policy.view", "policy.view", AW_ROUTE_READ, aw_policy_show, NULL, &aw_policy_view, IN(part_in), "The policy in force, as tables", NULL },
	{ "GET", "/policy/overrides", "policy.view", "policy.overrides", AW_ROUTE_READ, aw_overrides_show, NULL, &aw_overrides_view, IN(period_in), "How often people decide otherwise than each rule", "/policy/overrides" },
	{ "GET", "/policy/overrides/cases", "indicator.rows", "policy.override_cases", AW_ROUTE_READ, aw_override_cases_show, NULL, &aw_override_cases_view, IN(override_in), "The cases that people decided otherwise than a rule, without names", "/policy/overrides" },
	{ "POST", "/policy/propose", "policy.release", "policy.propose", AW_ROUTE_WRITE, aw_policy_propose, NULL, NULL, IN(propose_in), "Proposes the folder's policy, or a former release, from a day on", "/policy" },
	{ "GET", PROPOSAL, "policy.view", "policy.proposal", AW_ROUTE_READ, aw_proposal_show, NULL, &aw_proposal_view, NO_IN, "A proposed policy, and what it has otherwise", NULL },
	{ "POST", PROPOSAL "/confirm", "policy.release", "policy.confirm", AW_ROUTE_WRITE, aw_proposal_confirm_post, NULL, NULL, NO_IN, "Puts another person's proposal in force", PROPOSAL },
	{ "POST", PROPOSAL "/refuse", "policy.release", "policy.refuse", AW_ROUTE_WRITE, aw_proposal_refuse_post, NULL, NULL, IN(words_in), "Refuses another person's proposal, with a reason", PROPOSAL },
	{ "POST", PROPOSAL "/withdraw", "policy.release", "policy.withdraw", AW_ROUTE_WRITE, aw_proposal_withdraw_post, NULL, NULL, NO_IN, "Takes one's own proposal back", PROPOSAL },
	{ "POST", "/policy/drafts", "policy.release", "policy.draft_new", AW_ROUTE_WRITE, aw_draft_new_post, NULL, NULL, IN(draft_in), "Begins a draft of the decision tables in force", "/policy" },
	{ "GET", DRAFT, "policy.release", "policy.draft", AW_ROUTE_READ, aw_draft_show, NULL, &aw_draft_view, NO_IN, "A draft: what is wrong with it, and what it has otherwise", NULL },
	{ "GET", DRAFT "/edit", "policy.release", "policy.draft_edit", AW_ROUTE_READ, aw_draft_edit_show, NULL, &aw_draft_edit_view, IN(draft_edit_in), "A draft's decision tables, to be edited", NULL },
	{ "GET", DRAFT "/replay", "policy.release", "policy.replay_page", AW_ROUTE_READ, aw_replay_show, NULL, &aw_replay_view, IN(replay_in), "A period's reports decided again under a draft", NULL },
	{ "GET", DRAFT "/sheets", "policy.release", "policy.sheets", AW_ROUTE_READ, aw_sheets_show, NULL, &aw_sheets_view, NO_IN, "A draft's decision tables as sheets, to be edited in a spreadsheet", NULL },
	{ "GET", DRAFT "/sheets/{file}", "policy.release", "policy.sheet", AW_ROUTE_READ, aw_sheet_file, NULL, NULL, NO_IN, "A decision table of a draft as a sheet: the id of its decision and .csv or .ods", NULL },
	{ "POST", DRAFT "/sheets", "policy.release", "policy.sheet_read", AW_ROUTE_WRITE, aw_sheet_read_post, NULL, &aw_sheets_view, IN(sheet_in), "Compares an edited sheet with its table; nothing is changed. sheet: as text (CSV, or with tabs); file: CSV, ODS or XLSX in base64url", NULL },
	{ "POST", DRAFT "/sheets/keep", "policy.release", "policy.sheet_keep", AW_ROUTE_WRITE, aw_sheet_keep_post, NULL, NULL, IN(sheet_keep_in), "Saves another version of a draft with a sheet's rules", DRAFT "/sheets" },
	{ "POST", DRAFT "/save", "policy.release", "policy.draft_save", AW_ROUTE_WRITE, aw_draft_save_post, NULL, NULL, IN(draft_save_in), "Saves another version of a draft", DRAFT "/edit" },
	{ "POST", DRAFT "/rebase", "policy.release", "policy.draft_rebase", AW_ROUTE_WRITE, aw_draft_rebase_post, NULL, NULL, NO_IN, "Takes everything but the tables from the policy in force", DRAFT },
	{ "POST", DRAFT "/propose", "policy.release", "policy.propose", AW_ROUTE_WRITE, aw_draft_propose_post, NULL, NULL, IN(draft_propose_in), "Proposes a draft, from a day on", DRAFT },
	{ "POST", DRAFT "/close", "policy.release", "policy.draft_close", AW_ROUTE_WRITE, aw_draft_close_post, NULL, NULL, NO_IN, "Puts a draft away", DRAFT },
	{ "GET", "/operator", "system.operate", "operator.view", AW_ROUTE_READ, aw_operator_show, NULL, &aw_operator_view, IN(state_in), "Work items and their failures", NULL },
	{ "POST", "/operator/retry", "system.operate", "operator.retry", AW_ROUTE_WRITE, aw_operator_retry, NULL, NULL, NO_IN, "Tries again what was given up", "/operator" },
	{ "GET", "/log", "audit.view", "audit.view", AW_ROUTE_READ, aw_log_show, NULL, &aw_log_view, IN(log_in), "Who looked at what of whom, and whether the log is what was written", NULL },
	{ "POST", "/log/notices/{number}", "audit.view", "audit.notice", AW_ROUTE_WRITE, aw_notice_post, NULL, NULL, IN(finding_in), "Says what came of an unusual look", "/log" },
	{ "GET", "/accounts", "account.manage", "account.view", AW_ROUTE_READ, aw_accounts_show, NULL, &aw_accounts_view, IN(accounts_in), "Accounts, and the systems that may send reports", NULL },
	{ "POST", "/accounts/{login}/disable", "account.manage", "account.disable", AW_ROUTE_WRITE, aw_account_shut, NULL, NULL, NO_IN, "Disables an account and ends its sessions", "/accounts" },
	{ "POST", "/accounts/{login}/enable", "account.manage", "account.enable", AW_ROUTE_WRITE, aw_account_reopen, NULL, NULL, NO_IN, "Enables an account again", "/accounts" },
	{ "POST", "/accounts/{login}/until", "account.manage", "account.until", AW_ROUTE_WRITE, aw_account_limit, NULL, NULL, IN(until_in), "Sets an account's last day; without one, takes it away", "/accounts" },
	{ "POST", "/accounts/{login}/factor", "account.manage", "factor.reset", AW_ROUTE_WRITE, aw_account_factor_reset, NULL, NULL, IN(reset_in), "Takes somebody's second factor away, with a reason; ends their sessions", "/accounts" },
	{ "POST", "/senders/disable", "account.manage", "sender.disable", AW_ROUTE_WRITE, aw_api_sender_shut, NULL, NULL, IN(sender_in), "Takes the right to send from a system", "/accounts" },

	/* emergency access */
	{ "GET", "/break-glass", "person.break_glass", "glass.form", AW_ROUTE_READ, aw_glass_show, NULL, &aw_glass_view, IN(glass_show_in), "Emergency access: the form, and one's own", NULL },
	{ "POST", "/break-glass", "person.break_glass", "glass.open", AW_ROUTE_WRITE, aw_glass_start, NULL, NULL, IN(glass_in), "Opens a person in an emergency, for the policy's minutes", "/break-glass" },
	{ "POST", "/break-glass/{number}/end", "person.break_glass", "glass.end", AW_ROUTE_WRITE, aw_glass_stop, NULL, NULL, NO_IN, "Ends one's own emergency access", "/break-glass" },
	{ "GET", "/break-glass/review", "break_glass.review", "glass.list", AW_ROUTE_READ, aw_glass_list, NULL, &aw_glass_review_view, NO_IN, "Emergency access that others had: what waits for review first", NULL },
	{ "POST", "/break-glass/{number}/review", "break_glass.review", "glass.review", AW_ROUTE_WRITE, aw_glass_judge, NULL, NULL, IN(judge_in), "Says whether it was justified", "/break-glass/review" },

	/* intake */
	{ "GET", "/report", "public", "report.form", AW_ROUTE_READ, aw_public_form_show, NULL, &aw_report_form_view, IN(kind_in), "The public form", NULL },
	{ "POST", "/report", "public", "report.send", AW_ROUTE_WRITE, aw_public_form_step, NULL, &aw_report_form_view, IN(form_in), "A step of the public form, or sends it", NULL },
	{ "GET", "/status", "public", "report.status", AW_ROUTE_READ, aw_report_status_form, NULL, &aw_report_status_view, NO_IN, "Asks for a report's number and code", NULL },
	{ "POST", "/status", "public", "report.status", AW_ROUTE_WRITE, aw_report_status_show, NULL, &aw_report_status_view, IN(status_in), "How far a report is: received, in progress, closed", NULL },
	{ "GET", "/supplement", "public", "report.supplement", AW_ROUTE_READ, aw_supplement_form, NULL, &aw_supplement_view, IN(status_in), "The form to add facts to a report", NULL },
	{ "POST", "/supplement", "public", "report.supplement", AW_ROUTE_WRITE, aw_supplement_send, NULL, &aw_supplement_view, IN(supplement_in), "Adds facts to a report, by its number and code", NULL },
	{ "GET", "/reports", "report.list", "report.list", AW_ROUTE_READ, aw_report_list_show, NULL, &aw_report_list_view, IN(list_in), "Reports, newest first", NULL },
	{ "GET", "/held", "dispatch.screen", "report.held", AW_ROUTE_READ, aw_held_show, NULL, &aw_held_view, NO_IN, "Reports that came too many at once and are held back", NULL },
	{ "POST", "/held/release", "dispatch.screen", "report.release", AW_ROUTE_WRITE, aw_held_release_post, NULL, NULL, IN(release_in), "Lets held reports go to screening: those named, or all", "/held" },
	{ "POST", "/held/refuse", "dispatch.screen", "report.refuse", AW_ROUTE_WRITE, aw_held_refuse_post, NULL, NULL, IN(refuse_in), "Refuses held reports as none, with a reason", "/held" },
	{ "POST", "/reports", "report.send", "report.send", AW_ROUTE_WRITE, aw_reports_post, NULL, &aw_receipt_view, IN(report_in), "Sends one report as JSON; answers with its receipt and what is missing", NULL },
	{ "GET", "/reports/new", "report.send", "report.form", AW_ROUTE_READ, aw_agency_form_show, NULL, &aw_report_form_view, IN(kind_in), "The agencies' form", NULL },
	{ "POST", "/reports/new", "report.send", "report.send", AW_ROUTE_WRITE, aw_agency_form_step, NULL, &aw_report_form_view, IN(form_in), "A step of the agencies' form, or sends it", NULL },
	{ "POST", REPORT "/ask", "report.supplement", "report.ask", AW_ROUTE_WRITE, aw_report_ask, NULL, NULL, IN(ask_in), "Asks the reporter for facts", REPORT },
	{ "POST", REPORT "/add", "report.supplement", "report.add", AW_ROUTE_WRITE, aw_report_add, NULL, NULL, IN(add_in), "Adds facts that were told to the centre", REPORT },
	/* indicators */
	{ "GET", "/indicators", "indicator.view", "indicator.list", AW_ROUTE_READ, aw_indicators_show, NULL, &aw_indicators_view, IN(period_in), "The indicators of a period, with their targets", "/indicators" },
	{ "GET", "/indicators/{code}", "indicator.view", "indicator.view", AW_ROUTE_READ, aw_indicator_show, NULL, &aw_indicator_view, IN(indicator_in), "One indicator: its groups, years, definitions and printed figures", "/indicators/{code}" },
	{ "GET", "/indicators/{code}/rows", "indicator.rows", "indicator.rows", AW_ROUTE_READ, aw_indicator_rows_show, NULL, &aw_indicator_rows_view, IN(indicator_rows_in), "What an indicator counted, without names", "/indicators/{code}" },
	{ "GET", "/fairness", "indicator.view", "indicator.fairness", AW_ROUTE_READ, aw_fairness_show, NULL, &aw_fairness_view, IN(fairness_in), "Levels and units of a year by who they were about, small counts hidden", "/fairness" },

	/* person */
	{ "GET", "/people", "person.search", "person.search", AW_ROUTE_READ, aw_people_show, NULL, &aw_people_view, IN(people_in), "Who was found; a public number leads to what it names", NULL },
	{ "POST", "/people/search", "person.search", "person.search", AW_ROUTE_NONE, NULL, aw_own_search, NULL, IN(search_in), "Searches people: leads to the page, by a handle in place of what was typed", NULL },
	{ "POST", "/people", "person.link", "person.create", AW_ROUTE_WRITE, aw_person_new, NULL, &aw_people_view, IN(person_in), "Adds a person, after a search", "/people" },
	{ "GET", "/people/{number}", "person.view", "person.view", AW_ROUTE_READ, aw_person_show, NULL, &aw_person_page_view, NO_IN, "One person: household, registers, earlier reports, who is serving", NULL },
	{ "POST", "/people/{number}/link", "person.link", "person.link", AW_ROUTE_WRITE, aw_person_link, NULL, NULL, IN(record_link_in), "Decides whose a register's record is", "/people/{number}" },
	{ "POST", "/people/{number}/home", "person.home", "person.home", AW_ROUTE_WRITE, aw_person_home, NULL, NULL, IN(home_in), "Says that two people live together or do not, or takes that back", "/people/{number}" },
	{ "POST", "/people/{number}/open", "family.work", "family.open", AW_ROUTE_WRITE, aw_found_open, NULL, NULL, IN(open_in), "Opens a case without a report", "/people/{number}" },

	{ "GET", "/links", "person.link", "link.queue", AW_ROUTE_READ, aw_review_queue_show, NULL, &aw_review_queue_view, IN(queue_in), "Links that the program proposed and a person settles", NULL },
	{ "POST", "/links/search", "person.link", "person.search", AW_ROUTE_NONE, NULL, aw_own_search_links, NULL, IN(search_in), "Searches the queue: leads to the list, by a handle in place of what was typed", NULL },
	{ "GET", "/links/next", "person.link", "link.queue", AW_ROUTE_READ, aw_review_next, NULL, NULL, NO_IN, "To the first of the queue", NULL },
	{ "GET", "/links/{link}", "person.link", "link.view", AW_ROUTE_READ, aw_review_show, NULL, &aw_review_view, NO_IN, "One proposed link: both sides, what speaks for it, what stands behind it", NULL },
	{ "POST", "/links/{link}", "person.link", "link.decide", AW_ROUTE_WRITE, aw_review_answer, NULL, &aw_review_view, IN(pair_in), "Says that it is the same person, is not, or cannot be told yet", "/links/{link}" },
	{ "POST", "/links/{link}/undo", "person.link", "link.undo", AW_ROUTE_WRITE, aw_review_undo, NULL, NULL, NO_IN, "Takes a decision back: what stood before stands again", "/links/{link}" },

	/* dispatch */
	{ "GET", "/board", "dispatch.board", "dispatch.board", AW_ROUTE_READ, aw_board_show, NULL, &aw_board_view, IN(board_in), "The dispatch board", NULL },
	{ "GET", "/board/list", "dispatch.board", "dispatch.board", AW_ROUTE_READ, aw_board_list, NULL, &aw_board_view, IN(board_in), "The board as one list", NULL },
	{ "GET", "/board/handover", "dispatch.board", "dispatch.handover", AW_ROUTE_READ, aw_handover_show, NULL, &aw_handover_view, NO_IN, "The hand-over sheet, to be printed", NULL },
	{ "GET", REPORT, "report.view", "report.view", AW_ROUTE_READ, aw_report_page_show, NULL, &aw_report_page_view, NO_IN, "One report and its way", NULL },
	{ "POST", REPORT "/claim", "dispatch.screen", "dispatch.claim", AW_ROUTE_WRITE, aw_report_claim, NULL, NULL, NO_IN, "Takes a waiting report as its screener", REPORT },
	{ "POST", REPORT "/link", "person.link", "dispatch.link", AW_ROUTE_WRITE, aw_report_link, NULL, NULL, IN(link_in), "Decides who a person of the report is", REPORT },
	{ "POST", REPORT "/screen", "dispatch.screen", "dispatch.screen", AW_ROUTE_WRITE, aw_report_screen, NULL, NULL, IN(screen_in), "Says what an issue of the report turned out to be", REPORT },
	{ "POST", REPORT "/edit", "dispatch.screen", "dispatch.edit", AW_ROUTE_WRITE, aw_report_edit, NULL, NULL, IN(edit_in), "Changes the proposed units, with a reason", REPORT },
	{ "POST", REPORT "/grade", "dispatch.screen", "dispatch.grade", AW_ROUTE_WRITE, aw_report_grade, NULL, NULL, IN(grade_in), "Grades otherwise than the policy, with a reason", REPORT },
	{ "POST", REPORT "/submit", "dispatch.screen", "dispatch.submit", AW_ROUTE_WRITE, aw_report_submit, NULL, NULL, IN(submit_in), "Sends the proposal to the second review", REPORT },
	{ "POST", REPORT "/urgent", "dispatch.screen", "dispatch.urgent", AW_ROUTE_WRITE, aw_report_urgent, NULL, NULL, IN(reason_in), "Dispatches at once; the review follows", REPORT },
	{ "POST", REPORT "/review", "dispatch.review", "dispatch.review", AW_ROUTE_WRITE, aw_report_review, NULL, NULL, IN(answer_in), "Confirms another person's decision, or sends it back", REPORT },
	{ "POST", UNIT("accept"), "dispatch.accept", "dispatch.accept", AW_ROUTE_WRITE, aw_unit_accept, NULL, NULL, NO_IN, "The unit accepts", REPORT },
	{ "POST", UNIT("return"), "dispatch.accept", "dispatch.return", AW_ROUTE_WRITE, aw_unit_return, NULL, NULL, IN(return_in), "The unit returns, with a coded reason", REPORT },
	{ "POST", UNIT("assign"), "dispatch.assign", "dispatch.assign", AW_ROUTE_WRITE, aw_unit_assign, NULL, NULL, IN(worker_in), "Gives the dispatch to a worker", REPORT },
	{ "POST", UNIT("acknowledge"), "family.work", "dispatch.acknowledge", AW_ROUTE_WRITE, aw_unit_acknowledge, NULL, NULL, NO_IN, "The worker has seen the assignment", REPORT },
	{ "POST", UNIT("redirect"), "dispatch.screen", "dispatch.redirect", AW_ROUTE_WRITE, aw_unit_redirect, NULL, NULL, IN(redirect_in), "Sends a returned dispatch to another unit", REPORT },
	{ "POST", UNIT("dispute"), "dispatch.screen", "dispatch.dispute", AW_ROUTE_WRITE, aw_unit_dispute, NULL, NULL, IN(note_in), "Does not agree with a return", REPORT },
	{ "POST", UNIT("settle"), "dispatch.settle", "dispatch.settle", AW_ROUTE_WRITE, aw_unit_settle, NULL, NULL, IN(settle_in), "Decides a dispute above both units", REPORT },
	{ "POST", UNIT("finish"), "family.work", "dispatch.finish", AW_ROUTE_WRITE, aw_unit_finish, NULL, NULL, NO_IN, "A co-unit is done with its part", REPORT },

	/* family */
	{ "GET", WORK, "family.work", "family.work", AW_ROUTE_READ, aw_work_show, NULL, &aw_work_view, NO_IN, "The worker's page of a dispatch", NULL },
	{ "POST", WORK "/assess", "family.work", "family.assess", AW_ROUTE_WRITE, aw_work_assess, NULL, NULL, IN(assess_in), "Writes an assessment", WORK },
	{ "POST", WORK "/contact", "family.work", "family.contact", AW_ROUTE_WRITE, aw_work_contact, NULL, NULL, IN(contact_in), "Records a contact", WORK },
	{ "POST", WORK "/decide", "family.work", "family.decide", AW_ROUTE_WRITE, aw_work_decide, NULL, NULL, IN(decide_in), "Opens a case, or not", WORK },
	{ "POST", WORK "/approve", "family.approve", "family.approve", AW_ROUTE_WRITE, aw_work_approve, NULL, NULL, IN(issue_in), "Approves the decision", WORK },
	{ "GET", "/families/{number}", "family.view", "family.view", AW_ROUTE_READ, aw_family_show, NULL, &aw_family_view, IN(show_in), "One family: members, services, timeline", NULL },
	{ "GET", CASE, "family.view", "family.case", AW_ROUTE_READ, aw_case_show, NULL, NULL, NO_IN, "A case: leads to its family", NULL },
	{ "POST", CASE "/contact", "family.work", "family.contact", AW_ROUTE_WRITE, aw_case_contact, NULL, NULL, IN(case_contact_in), "Records a contact of a case", CASE },
	{ "POST", CASE "/goal", "family.work", "family.goal", AW_ROUTE_WRITE, aw_case_goal, NULL, NULL, IN(goal_in), "Adds a goal to the plan", CASE },
	{ "POST", CASE "/goals/{index}", "family.work", "family.goal", AW_ROUTE_WRITE, aw_case_goal_set, NULL, NULL, IN(goal_set_in), "Says what became of a goal", CASE },
	{ "POST", CASE "/close", "family.work", "family.close", AW_ROUTE_WRITE, aw_case_close, NULL, NULL, IN(reason_in), "Asks to close a case", CASE },
	{ "POST", CASE "/close/answer", "family.approve", "family.close_answer", AW_ROUTE_WRITE, aw_case_answer, NULL, NULL, IN(answer_in), "Approves or refuses the closing", CASE },
	{ "POST", CASE "/reopen", "family.work", "family.reopen", AW_ROUTE_WRITE, aw_case_reopen, NULL, NULL, NO_IN, "Opens a closed case again", CASE },
	{ "POST", CASE "/assign", "dispatch.assign", "family.assign", AW_ROUTE_WRITE, aw_case_assign, NULL, NULL, IN(worker_in), "Gives a case to another worker", CASE },
};
/* clang-format on */

const struct aw_route *
aw_routes(size_t *ret_count)
{
	*ret_count = AW_COUNT(routes);
	return routes;
}

/* -- hidden is like absent ------------------------------------------------------------------------ */

/* Whatever is done to one thing asks first whether the viewer may know of it, so that no act's own
 * answer (not of your unit, not in this state) tells that it exists. Pages of a person, a report and a
 * family ask that themselves. */
enum aw_status
aw_routes_gate(const struct aw_route *route, const struct aw_call *call, struct aw_error *err)
{
	if (strncmp(route->path, CASE, strlen(CASE)) == 0)
		return aw_case_gate(call, err);
	if (strncmp(route->path, REPORT "/", strlen(REPORT "/")) == 0)
		return aw_report_gate(call, err);
	if (strncmp(route->path, "/people/{number}/", strlen("/people/{number}/")) == 0)
		return aw_person_gate(call, err);
	if (strncmp(route->path, "/links/{link}", strlen("/links/{link}")) == 0)
		return aw_review_gate(call, err);
	return AW_OK;
}

/* -- before the unit of work ---------------------------------------------------------------------- */

enum aw_status
aw_routes_ready(const struct aw_route *route, struct aw_call *call, struct aw_error *err)
{
	return route->handler == aw_reports_post ? aw_reports_ready(call, err) : AW_OK;
}

/* -- the menu ------------------------------------------------------------------------------------- */

static const struct {
	const char *code, *path, *permission;
} menu[] = {
	{ "work", "/work", "desk.view" },
	{ "reports", "/reports", "report.list" },
	{ "held", "/held", "dispatch.screen" },
	{ "board", "/board", "dispatch.board" },
	{ "match", "/links", "person.link" },
	{ "new_report", "/reports/new", "report.send" },
	{ "people", "/people", "person.search" },
	{ "break_glass", "/break-glass", "person.break_glass" },
	{ "glass_review", "/break-glass/review", "break_glass.review" },
	{ "audit", "/log", "audit.view" },
	{ "accounts", "/accounts", "account.manage" },
	{ "operator", "/operator", "system.operate" },
	{ "indicators", "/indicators", "indicator.view" },
	{ "policy", "/policy", "policy.view" },
};

const char *
aw_routes_home(const struct aw_policy *policy, const struct aw_viewer *viewer)
{
	for (size_t i = 0; i < AW_COUNT(menu); i++)
		if (aw_access_may_do(policy, viewer, menu[i].permission))
			return menu[i].path;
	return "/report";
}

enum aw_status
aw_routes_nav(struct aw_act *act, struct aw_nav_item *items, size_t most, size_t *ret_count,
	struct aw_error *err)
{
	struct aw_desk_counts counts = { 0 };
	int64_t overdue = 0;
	size_t count = 0;

	if (aw_desk_counts(act, &counts, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_COUNT(menu) && count < most; i++) {
		struct aw_nav_item *item = &items[count];

		if (!aw_access_may_do(act->policy, act->viewer, menu[i].permission))
			continue;
		if (aw_text_eq(menu[i].code, "held") && counts.held == 0)
			continue; /* there only while something is held */
		*item = (struct aw_nav_item){
			.code = menu[i].code, .path = menu[i].path, .count = -1
		};
		if (aw_text_eq(item->code, "work")) {
			item->count = counts.work;
			item->hot = counts.work_hot;
		} else if (aw_text_eq(item->code, "held")) {
			item->count = counts.held;
			item->hot = true;
		} else if (aw_text_eq(item->code, "board")) {
			item->count = counts.waiting + counts.submitted;
		} else if (aw_text_eq(item->code, "glass_review")) {
			if (aw_glass_counts(act, &item->count, &overdue, err) != AW_OK)
				return err->status;
			item->hot = overdue > 0;
		}
		count++;
	}
	*ret_count = count;
	return AW_OK;
}
