using System.Collections.Concurrent;
using Dify.Core.Apps.Transfer;

namespace Dify.Web.Components.Pages.Studio.Transfer;

/// <summary>What imports of this visit did to their files, for the page that is shown next.</summary>
internal sealed class ImportedApps
{
    private readonly ConcurrentDictionary<Guid, IReadOnlyList<ReportedChange>> _changes = [];

    public void Remember(Guid appId, IReadOnlyList<ReportedChange> changes) => _changes[appId] = changes;

    /// <summary>Null when the app was not imported in this visit.</summary>
    public IReadOnlyList<ReportedChange>? ChangesOf(Guid appId) => _changes.GetValueOrDefault(appId);
}
