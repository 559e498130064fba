using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Forms;

/// <summary>Where a node lays its form, and finds it answered when the run goes on.</summary>
public interface IFormDesk
{
    /// <summary>The form of a node at a path of the run; null when it has laid none yet.</summary>
    ValueTask<HumanInputForm?> FindAsync(Guid runId, string path, string nodeId, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a new form and sends its mails. It can be answered from now on, also before the pause of the run is stored.
    /// </summary>
    /// <exception cref="NodeFailedException">The run is not stored, so nothing could go on with an answer.</exception>
    ValueTask<HumanInputForm> OpenAsync(NewForm form, CancellationToken cancellationToken);
}

/// <summary>A form to be laid out.</summary>
/// <param name="OpenFor">How long it can be answered.</param>
public sealed record NewForm(
    RunContext Run, string Path, string NodeId, string NodeTitle, FormDefinition Definition, TimeSpan OpenFor, IReadOnlyList<FormMail> Mails);
