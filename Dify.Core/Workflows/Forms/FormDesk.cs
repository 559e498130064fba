using System.Buffers.Text;
using System.Security.Cryptography;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Forms;

/// <summary>Forms in the store. A node that runs again after a crash finds the form that it has laid already.</summary>
internal sealed class FormDesk(IDbContextFactory<DifyDbContext> contexts, IFormMailer mailer, TimeProvider time) : IFormDesk
{
    public async ValueTask<HumanInputForm?> FindAsync(Guid runId, string path, string nodeId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.HumanInputForms.AsNoTracking()
            .Where(form => form.RunId == runId && form.NodeId == nodeId && form.Path == path)
            .OrderByDescending(form => form.Id).FirstOrDefaultAsync(cancellationToken);
    }

    public async ValueTask<HumanInputForm> OpenAsync(NewForm form, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var laid = new HumanInputForm
        {
            WorkspaceId = form.Run.WorkspaceId,
            AppId = form.Run.AppId,
            RunId = form.Run.RunId,
            NodeId = form.NodeId,
            NodeTitle = form.NodeTitle,
            Path = form.Path,
            Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            Definition = form.Definition.Write(),
            ExpiresAt = now + form.OpenFor,
            CreatedAt = now,
        };
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.WorkflowRuns.AnyAsync(run => run.Id == laid.RunId && run.Status == RunStatus.Running, cancellationToken))
            {
                throw new NodeFailedException("This node waits for a person. Run the whole draft to try it.", "HumanInputNodeError");
            }

            db.Add(laid);
            await db.SaveChangesAsync(cancellationToken);
        }

        if (form.Mails.Count > 0)
        {
            await mailer.SendAsync(laid, form.Mails, cancellationToken);
        }

        return laid;
    }
}
