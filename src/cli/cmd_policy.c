/* anwang policy: checks a city's folder, and shows what it says; replay stands in cmd_replay.c. */
#include <stdio.h>
#include <string.h>

#include "city/desk/policy_check.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/policy_folder.h"

/* -- check ------------------------------------------------------------------------------------ */

static size_t
count_unverified(const struct aw_policy *p)
{
	size_t n = p->city.calendar_unverified;

	for (size_t i = 0; i < p->unit_count; i++)
		n += p->units[i].valid.unverified;
	for (size_t i = 0; i < p->deadline_count; i++)
		n += p->deadlines[i].valid.unverified;
	for (size_t i = 0; i < p->instrument_count; i++)
		n += p->instruments[i].valid.unverified;
	for (size_t i = 0; i < p->factor_count; i++)
		n += p->factors[i].valid.unverified;
	for (size_t i = 0; i < p->scale_count; i++)
		n += p->scales[i].valid.unverified;
	for (size_t i = 0; i < p->role_count; i++)
		n += p->roles[i].valid.unverified;
	for (size_t l = 0; l < AW_REASONS_COUNT; l++)
		for (size_t i = 0; i < p->reason_count[l]; i++)
			n += p->reasons[l][i].valid.unverified;
	return n;
}

static int
check(const char *dir)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *p = NULL;
	struct aw_policy_checked ran;
	int code = aw_policy_folder_load(dir, &mistakes, &p);

	if (code != 0)
		return code;
	aw_policy_check(p, p->effective_day, &mistakes, &ran);
	if (mistakes.count > 0) {
		aw_policy_free(p);
		return aw_policy_folder_fail(dir, &mistakes);
	}
	printf("%s\nsha256 %s\n", p->label, p->hash);
	printf("%zu files, %zu kinds of report, %zu units, %zu roles, %zu deadlines, %zu decision "
	       "models, %zu registers\n",
		p->file_count, p->kind_count, p->unit_count, p->role_count, p->deadline_count,
		p->triage_count, ran.registers);
	printf("%zu scenarios come out as expected; each of %zu rules fires in one\n",
		ran.scenarios.count, ran.scenarios.rules);
	printf("%zu rules are unverified (未確認)\n", count_unverified(p));
	aw_policy_free(p);
	return aw_command_done("policy");
}

/* -- show ------------------------------------------------------------------------------------- */

static const char *
mark(const struct aw_valid *valid)
{
	return valid->unverified ? "\t未確認" : "";
}

static void
show_kinds(const struct aw_policy *p)
{
	static const char *const whys[] = { "派案必要", "影響急迫程度", "可少一通追問電話" };

	for (size_t i = 0; i < p->kind_count; i++) {
		const struct aw_kind *kind = &p->kinds[i];
		printf("\n%s\t%s%s%s\n", kind->code, kind->label.zh,
			kind->protective ? "\t保護性" : "", mark(&kind->valid));
		for (size_t k = 0; k < kind->need_count; k++)
			printf("  %s\t%s\t%s\n", kind->needs[k].code, kind->needs[k].label.zh,
				whys[kind->needs[k].why]);
	}
}

static void
show_units(const struct aw_policy *p)
{
	puts("\nunits");
	for (size_t i = 0; i < p->unit_count; i++) {
		const struct aw_unit *unit = &p->units[i];
		printf("  %s\t%s\t%s", unit->code, unit->label.zh,
			aw_policy_text(p, "unit_type", unit->type, "zh"));
		for (size_t k = 0; k < unit->district_count; k++)
			printf("%s%s", k == 0 ? "\t" : "、",
				aw_policy_text(p, "district", unit->districts[k], "zh"));
		printf("%s\n", mark(&unit->valid));
	}
}

static void
show_deadlines(const struct aw_policy *p)
{
	static const char *const units[] = { "小時", "工作日", "日" };

	puts("\ndeadlines");
	for (size_t i = 0; i < p->deadline_count; i++) {
		const struct aw_deadline *d = &p->deadlines[i];
		printf("  %s\t%s\t%lld%s", d->code, d->label.zh, (long long)d->amount,
			units[d->unit]);
		for (size_t k = 0; k < d->kind_count; k++)
			printf("%s%s", k == 0 ? "\t" : "、",
				aw_policy_text(p, "kind_short", d->kinds[k], "zh"));
		printf("\t%s%s\n", d->valid.source != NULL ? d->valid.source : "", mark(&d->valid));
	}
}

static void
show_reasons(const struct aw_policy *p)
{
	for (size_t l = 0; l < AW_REASONS_COUNT; l++) {
		printf("\n%s\n", aw_reason_list_code((enum aw_reason_list)l));
		for (size_t i = 0; i < p->reason_count[l]; i++) {
			const struct aw_reason_code *r = &p->reasons[l][i];
			printf("  %s\t%s%s%s%s\n", r->code, r->label.zh,
				r->outcome != NULL ? "\t" : "",
				r->outcome != NULL ? r->outcome : "",
				r->not_protective ? "\t保護性案件不適用" : "");
		}
	}
}

static int
show(const char *dir)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *p = NULL;
	int code = aw_policy_folder_load(dir, &mistakes, &p);

	if (code != 0)
		return code;
	printf("%s\tsha256 %s\n", p->label, p->hash);
	show_kinds(p);
	show_units(p);
	show_deadlines(p);
	show_reasons(p);
	aw_policy_free(p);
	return aw_command_done("policy");
}

int
aw_cmd_policy(int argc, char **argv)
{
	const struct aw_usage usage = {
		.command = "policy",
		.operands = "check DIR | show DIR | export DIR TABLE | import DIR FILE | replay "
			    "--db URL --policy DIR --with DRAFT | "
			    "propose|confirm|refuse|withdraw|proposals ...",
		.summary = "check loads a city's folder, names file and line of every mistake, and "
			   "runs the folder's own\nscenarios. show prints what it says. export "
			   "and import take a decision table through a\nspreadsheet. replay "
			   "decides a period's reports again under a draft. propose and the "
			   "rest\nchange the policy by two persons. Each of these has its own "
			   "--help.",
		.least_operands = 2,
		.most_operands = 2,
	};
	static const char *const released[] = { "propose", "confirm", "refuse", "withdraw",
		"proposals" };
	struct aw_operands operands;
	int code = 0;

	for (size_t i = 0; i < AW_COUNT(released) && argc > 1; i++)
		if (strcmp(argv[1], released[i]) == 0)
			return aw_cmd_release(argc - 1, argv + 1);
	if (argc > 1 && (strcmp(argv[1], "export") == 0 || strcmp(argv[1], "import") == 0))
		return aw_cmd_policy_sheet(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "replay") == 0)
		return aw_cmd_replay(argc - 1, argv + 1);
	if (!aw_options_read(&usage, argc, argv, &operands, &code))
		return code;
	if (strcmp(operands.at[0], "check") == 0)
		return check(operands.at[1]);
	if (strcmp(operands.at[0], "show") == 0)
		return show(operands.at[1]);
	fprintf(stderr, "anwang policy: there is no \"%s\". See: anwang policy --help\n",
		operands.at[0]);
	return 2;
}
