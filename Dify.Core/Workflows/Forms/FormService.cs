using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Forms;

/// <summary>Shows and takes the forms of paused runs. Who has the token may answer; the first answer closes the form for everyone.</summary>
public sealed class FormService(
    IDbContextFactory<DifyDbContext> contexts, FormAnswers answers, WorkflowRunService runs, TimeProvider time)
{
    private const int LongestToken = 64;

    /// <summary>A form that can be answered now.</summary>
    /// <param name="appId">A form of another app is none; null: any.</param>
    /// <exception cref="DifyException">
    /// 404 for a token that nobody has given out; 412 <c>human_input_form_submitted</c> or <c>human_input_form_expired</c>.
    /// </exception>
    public async Task<HumanInputForm> GetAsync(string? token, Guid? appId = null, CancellationToken cancellationToken = default)
    {
        var form = await FindAsync(token, cancellationToken);
        if (form is null || (appId is { } only && form.AppId != only))
        {
            throw NotFound();
        }

        return Closed(form) is { } closed ? throw closed : form;
    }

    /// <summary>Takes an answer, and lets the run go on.</summary>
    /// <param name="inputs">By field; files as the API takes them (<c>{transfer_method, upload_file_id | url, type}</c>).</param>
    /// <param name="action">The id of the button.</param>
    /// <param name="by">Who answers, as text, for the log.</param>
    /// <param name="owner">Whose uploads may be named; null: those that were sent with the form's token.</param>
    /// <exception cref="DifyException">
    /// As <see cref="GetAsync"/>; 400 <c>invalid_form_data</c> for an answer that does not fit, which leaves the form open.
    /// </exception>
    public async Task SubmitAsync(
        string? token, JsonObject inputs, string? action, string by, FileOwner? owner = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var form = await GetAsync(token, null, cancellationToken);
        var values = await answers.ReadAsync(
            FormDefinition.Read(form.Definition), inputs, action, owner ?? new FileOwner(form.WorkspaceId, null, null), cancellationToken);
        var now = time.GetUtcNow();
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var forms = db.HumanInputForms;
            var (submission, who) = (values.ToJsonString(JsonDefaults.Wire), by.Length <= 255 ? by : by[..255]);
            var first = await forms
                .Where(f => f.Id == form.Id && f.Status == HumanInputFormStatus.Waiting && f.ExpiresAt > now)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(f => f.Status, HumanInputFormStatus.Submitted).SetProperty(f => f.ActionId, action)
                        .SetProperty(f => f.Submission, submission).SetProperty(f => f.SubmittedBy, who).SetProperty(f => f.ClosedAt, now),
                    cancellationToken);
            if (first == 0)
            {
                var other = await forms.AsNoTracking().FirstOrDefaultAsync(f => f.Id == form.Id, cancellationToken);
                throw (other is null ? null : Closed(other)) ?? NotFound();
            }
        }

        // The answer stands, so whoever gave it must not take the run down by leaving.
        await runs.ResumeAsync(form.RunId, CancellationToken.None);
    }

    private async Task<HumanInputForm?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= LongestToken })
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.HumanInputForms.AsNoTracking().FirstOrDefaultAsync(form => form.Token == token, cancellationToken);
    }

    private DifyException? Closed(HumanInputForm form) => form.Status switch
    {
        HumanInputFormStatus.Waiting when form.ExpiresAt > time.GetUtcNow() => null,
        HumanInputFormStatus.Submitted => new DifyException(
            ErrorCodes.HumanInputFormSubmitted, "This form has already been submitted. Nothing more is needed.", 412),
        HumanInputFormStatus.Withdrawn => new DifyException(
            ErrorCodes.HumanInputFormExpired, "The run that asked has ended, so this form is not needed any more.", 412),
        _ => new DifyException(ErrorCodes.HumanInputFormExpired, "The form has expired. Ask for a new one.", 412),
    };

    private static DifyException NotFound() => DifyException.NotFound("Form not found.");
}
