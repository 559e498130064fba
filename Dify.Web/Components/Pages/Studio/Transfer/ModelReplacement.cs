using Dify.Core.Apps.Transfer;
using Dify.Core.Models;

namespace Dify.Web.Components.Pages.Studio.Transfer;

/// <summary>Another model for one that the app asks.</summary>
public sealed record ModelReplacement(ReportedModel Model, ModelReference By);
