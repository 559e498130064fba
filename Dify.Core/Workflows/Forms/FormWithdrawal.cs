using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Forms;

internal static class FormWithdrawal
{
    /// <summary>Closes the forms that nobody can answer any more, because their run has ended.</summary>
    public static Task WithdrawFormsAsync(this DifyDbContext db, Guid runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var forms = db.HumanInputForms;
        return forms.Where(form => form.RunId == runId && form.Status == HumanInputFormStatus.Waiting)
            .ExecuteUpdateAsync(
                set => set.SetProperty(form => form.Status, HumanInputFormStatus.Withdrawn).SetProperty(form => form.ClosedAt, now),
                cancellationToken);
    }
}
