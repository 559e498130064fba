namespace Dify.Core.Apps;

/// <summary>Lets features that Apps does not know end what they do for an app before it is deleted.</summary>
public interface IAppDeletion
{
    ValueTask PrepareAsync(Guid appId, CancellationToken cancellationToken);
}
