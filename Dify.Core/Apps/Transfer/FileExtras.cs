using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer;

/// <summary>What of a file has no place in the store of its own: <see cref="App.FileExtras"/>.</summary>
internal static class FileExtras
{
    private static readonly string[] OfFile = ["app", "kind", "version", "workflow", "model_config"];
    private static readonly string[] OfCard = ["name", "mode", "description", "icon", "icon_type", "icon_background"];
    private static readonly string[] OfWorkflow = ["graph", "features", "environment_variables", "conversation_variables"];

    /// <summary>Empty when there is nothing to keep, which still tells that the app came from a file.</summary>
    public static JsonObject Collect(AppFile file)
    {
        var extras = new JsonObject();
        Keep(extras, "file", file.Root, OfFile);
        Keep(extras, "app", file.Card, OfCard);
        if (file.HasWorkflow)
        {
            Keep(extras, "workflow", file.Body, OfWorkflow);
        }

        if (file.Text("icon_type") is "image" or "link")
        {
            // Shown as an emoji here, as the picture lies in another installation; it is written again as it was.
            extras["icon"] = new JsonObject { ["icon"] = file.Text("icon"), ["icon_type"] = file.Text("icon_type") };
        }

        return extras;
    }

    /// <summary>Adds what was kept under <paramref name="part"/> to an object of a new file.</summary>
    public static void Restore(JsonObject? extras, string part, JsonObject target)
    {
        foreach (var (key, value) in extras?[part] as JsonObject ?? [])
        {
            target.TryAdd(key, value?.DeepClone());
        }
    }

    private static void Keep(JsonObject extras, string part, JsonObject source, string[] known)
    {
        var rest = new JsonObject();
        foreach (var (key, value) in source)
        {
            if (!known.Contains(key))
            {
                rest[key] = value?.DeepClone();
            }
        }

        if (rest.Count > 0)
        {
            extras[part] = rest;
        }
    }
}
